import { once } from "node:events";
import { createServer } from "node:net";

/** A port of 127.0.0.1 that nothing listens on: the usual one if it is free. */
export async function freePort(usual = 0): Promise<number> {
	try {
		return await listenOnce(usual);
	} catch {
		return await listenOnce(0);
	}
}

async function listenOnce(port: number): Promise<number> {
	const server = createServer().listen(port, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	server.close();
	await once(server, "close");
	if (typeof address === "object" && address !== null) return address.port;
	throw new Error("there is no free port");
}
