import { type LookupAddress, type LookupAllOptions, lookup } from "node:dns";
import { BlockList, isIPv4, isIPv6, type LookupFunction } from "node:net";
import { RequestError } from "./request-error.ts";

/**
 * Where clouds hand out a machine's credentials to whoever asks from it, and every link-local address, which nobody
 * but a machine's own services has. Loopback and private networks are where users' services live.
 */
const subnets = [
	["169.254.0.0", 16],
	["100.100.100.200", 32],
	["168.63.129.16", 32],
	["192.0.0.192", 32],
] as const;
const subnetsIPv6 = [
	["fe80::", 10],
	["fd00:ec2::254", 128],
	["fd20:ce::254", 128],
	["fd00:c1::a9fe:a9fe", 128],
] as const;

/** How an IPv6 address can hold one of IPv4: compatible, mapped, translated, by NAT64. */
const embeddings = ["::", "::ffff:", "::ffff:0:", "64:ff9b::"];

const forbidden = new BlockList();
for (const [address, prefix] of subnets) {
	forbidden.addSubnet(address, prefix, "ipv4");
	for (const before of embeddings) {
		forbidden.addSubnet(`${before}${address}`, 96 + prefix, "ipv6");
	}
}
for (const [address, prefix] of subnetsIPv6) {
	forbidden.addSubnet(address, prefix, "ipv6");
}

/** Whether an IP address is link-local or one of a cloud's metadata, however it is spelled. What is no address is forbidden too. */
export function isForbidden(address: string): boolean {
	const withoutZone = address.replace(/%.*$/s, "");
	if (isIPv4(withoutZone)) return forbidden.check(withoutZone, "ipv4");
	if (isIPv6(withoutZone)) return forbidden.check(withoutZone, "ipv6");
	return true;
}

export function forbiddenAddress(): RequestError {
	return new RequestError(
		"forbidden_address",
		"has a link-local or cloud metadata address, which is asked only with allow_link_local",
	);
}

type LookUpAll = (
	hostname: string,
	options: LookupAllOptions,
	callback: (
		error: NodeJS.ErrnoException | null,
		addresses: LookupAddress[],
	) => void,
) => void;

/**
 * Looks a name up, and leaves out what is forbidden, unless that is allowed. The socket connects to what this gives and to nothing else, so that
 * a name that is another address at the next look gets past nothing.
 */
export function guardedLookup(
	allowLinkLocal: boolean,
	lookUp: LookUpAll = lookup,
): LookupFunction {
	return (hostname, options, callback) =>
		lookUp(hostname, { ...options, all: true }, (error, addresses) => {
			if (error) return callback(error, []);
			const allowed = addresses.filter(
				({ address }) => allowLinkLocal || !isForbidden(address),
			);
			const [first] = allowed;
			if (!first) return callback(forbiddenAddress(), []);
			if (options.all) return callback(null, allowed);
			callback(null, first.address, first.family);
		});
}
