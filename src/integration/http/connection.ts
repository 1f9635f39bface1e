import { once } from "node:events";
import { isIP, connect as openTcp, type Socket } from "node:net";
import { connect as openTls, type TLSSocket } from "node:tls";
import {
	forbiddenAddress,
	guardedLookup,
	isForbidden,
} from "./address-guard.ts";
import { earliestExpiry } from "./certificate.ts";
import type { HttpRequest } from "./exchange.ts";
import type { Progress } from "./progress.ts";
import { RequestError } from "./request-error.ts";

type Options = Pick<HttpRequest, "verifyTls" | "ipVersion" | "allowLinkLocal">;

/** A new connection to a URL's server, on which nothing was sent yet but what TLS needs. */
export async function connect(
	url: URL,
	options: Options,
	progress: Progress,
	signal: AbortSignal,
): Promise<Socket> {
	const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
	const tcp = await connectTcp(host, url, options, progress, signal);
	if (url.protocol !== "https:") return tcp;
	return connectTls(tcp, host, options, progress, signal);
}

async function connectTcp(
	host: string,
	url: URL,
	options: Options,
	progress: Progress,
	signal: AbortSignal,
): Promise<Socket> {
	const { ipVersion, allowLinkLocal } = options;
	if (isIP(host)) {
		refuseAddress(host, options);
		progress.begin("connect");
	} else {
		progress.begin("dns");
	}
	const lookUp = guardedLookup(allowLinkLocal);
	const socket = openTcp({
		host,
		port: Number(url.port) || (url.protocol === "https:" ? 443 : 80),
		// A network far away may take longer than Node waits for each of several addresses.
		autoSelectFamilyAttemptTimeout: 1000,
		...(ipVersion ? { family: ipVersion } : {}),
		lookup: (name, lookupOptions, callback) =>
			lookUp(name, lookupOptions, (error, address, family) => {
				if (!error && !signal.aborted) {
					progress.end();
					progress.begin("connect");
				}
				callback(error, address, family);
			}),
	});
	await ready(socket, "connect", signal);
	progress.end();
	return socket;
}

/** An address that stands in the URL itself is looked up nowhere, and so guarded here. */
function refuseAddress(
	host: string,
	{ ipVersion, allowLinkLocal }: Options,
): void {
	if (!allowLinkLocal && isForbidden(host)) throw forbiddenAddress();
	if (ipVersion && isIP(host) !== ipVersion) {
		throw new RequestError(
			"wrong_ip_version",
			`has an address that is not IPv${ipVersion}, which ip_version demands`,
		);
	}
}

/** Verification is done here and not by Node, so that the end of a certificate is seen also when it has come. */
async function connectTls(
	tcp: Socket,
	host: string,
	{ verifyTls }: Options,
	progress: Progress,
	signal: AbortSignal,
): Promise<TLSSocket> {
	progress.begin("tls");
	const socket = openTls({
		socket: tcp,
		host,
		...(isIP(host) ? {} : { servername: host }),
		ALPNProtocols: ["http/1.1"],
		rejectUnauthorized: false,
	});
	await ready(socket, "secureConnect", signal);
	progress.sawCertificate(earliestExpiry(socket));
	if (verifyTls && !socket.authorized) {
		socket.destroy();
		throw Object.assign(new Error("not authorized"), {
			code: String(socket.authorizationError),
		});
	}
	progress.end();
	return socket;
}

/** Waits until a socket is there; one that does not come is destroyed. */
async function ready(
	socket: Socket,
	event: "connect" | "secureConnect",
	signal: AbortSignal,
): Promise<void> {
	// An error that comes when nobody waits any more would end the process.
	socket.on("error", () => {});
	try {
		await once(socket, event, { signal });
	} catch (error) {
		socket.destroy();
		throw error;
	}
}
