import { connect, createServer, type Socket } from "node:net";

/** Stands between a client and a server on this machine, and misbehaves on demand. */
export interface HangingProxy {
	readonly port: number;
	/** How many connections of clients are open. */
	readonly open: number;
	/** How many connections of clients there were at most at one time. */
	readonly mostOpen: number;
	/** Passes everything on, as at the start; what was held back too. */
	pass(): void;
	/** Still takes connections and requests, but passes no answer on. */
	hang(): void;
	/** Ends every connection now, in the middle of whatever it does; new ones are passed on. */
	cut(): void;
	close(): Promise<void>;
}

/** @param port where the server listens on 127.0.0.1 */
export async function startHangingProxy(port: number): Promise<HangingProxy> {
	const pairs = new Map<Socket, Socket>();
	let hanging = false;
	let mostOpen = 0;

	const proxy = createServer((client) => {
		const server = connect(port, "127.0.0.1");
		pairs.set(client, server);
		mostOpen = Math.max(mostOpen, pairs.size);
		const end = () => {
			client.destroy();
			server.destroy();
			pairs.delete(client);
		};
		for (const socket of [client, server]) {
			socket.on("close", end);
			socket.on("error", end);
		}
		client.pipe(server);
		server.pipe(client);
		if (hanging) holdBack(server, client);
	});
	await new Promise<void>((resolve) =>
		proxy.listen(0, "127.0.0.1", () => resolve()),
	);
	const address = proxy.address();
	if (address === null || typeof address === "string") {
		throw new Error("a TCP server has no port");
	}

	return {
		port: address.port,
		get open() {
			return pairs.size;
		},
		get mostOpen() {
			return mostOpen;
		},
		pass() {
			hanging = false;
			for (const [client, server] of pairs) server.pipe(client);
		},
		hang() {
			hanging = true;
			for (const [client, server] of pairs) holdBack(server, client);
		},
		cut() {
			for (const client of pairs.keys()) client.destroy();
			pairs.clear();
		},
		async close() {
			for (const client of pairs.keys()) client.destroy();
			await new Promise<void>((resolve) => proxy.close(() => resolve()));
		},
	};
}

function holdBack(server: Socket, client: Socket): void {
	server.unpipe(client);
	server.pause();
}
