import type { DetailedPeerCertificate, TLSSocket } from "node:tls";

/** Unix seconds at which the first certificate ends of the chain that a server presented. */
export function earliestExpiry(socket: TLSSocket): number | undefined {
	const ends = chainOf(socket.getPeerCertificate(true))
		.map(({ valid_to }) => Date.parse(valid_to) / 1000)
		.filter(Number.isFinite);
	return ends.length === 0 ? undefined : Math.min(...ends);
}

/** A root is its own issuer, and a chain could lead back into itself in other ways. */
function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
	const chain = new Map<string, DetailedPeerCertificate>();
	let next: DetailedPeerCertificate | undefined = leaf;
	while (next?.fingerprint256 && !chain.has(next.fingerprint256)) {
		chain.set(next.fingerprint256, next);
		next = next.issuerCertificate;
	}
	return [...chain.values()];
}
