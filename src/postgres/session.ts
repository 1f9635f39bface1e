import { Socket } from "node:net";
import type { ClientConfig } from "pg";
import { type Address, isSocket } from "../config/database-address.ts";
import { isAboutEncryption } from "./failure.ts";
import type { Row } from "./row.ts";
import { type Encryption, encryptions } from "./tls.ts";

/** What a query has given. */
export interface QueryAnswer {
	readonly rows: readonly Row[];
	readonly columns: readonly Column[];
}

export interface Column {
	readonly name: string;
	/** OID of the type; for a domain, of the type below it. */
	readonly typeId: number;
}

/** One open connection. */
export interface Session {
	/** False from the moment that the connection is known to be lost. */
	readonly isOpen: boolean;
	/**
	 * Sends a query by the simple protocol, without waiting for the answers to those before it.
	 * Resolves with its rows, of a single statement only.
	 */
	query(sql: string): Promise<readonly Row[]>;
	/** Sends a query by the extended protocol, which takes values for `$1`, … and refuses more than one statement. */
	queryWith(
		sql: string,
		values: readonly (string | null)[],
	): Promise<QueryAnswer>;
	/** Drops the connection at once, whatever it is doing, and resolves when it is gone. */
	destroy(): Promise<void>;
	/** Says goodbye to the server; a server that does not answer is dropped after a second. */
	close(): Promise<void>;
}

/**
 * Connects, with or without TLS as the address says, trying one way after the other.
 * @param signal drops the connection when it is aborted before it is open
 */
export async function openSession(
	address: Address,
	signal: AbortSignal,
): Promise<Session> {
	const ways = await encryptions(address);
	for (const [index, encryption] of ways.entries()) {
		try {
			return await connect(address, encryption, signal);
		} catch (error) {
			const isLast = index === ways.length - 1;
			if (isLast || !isAboutEncryption(error)) throw error;
		}
	}
	throw new Error("there is no way to connect");
}

async function connect(
	address: Address,
	encryption: Encryption,
	signal: AbortSignal,
): Promise<Session> {
	// Loaded here, not with the program: an instrumentation can only patch what is loaded after it.
	const { Client } = (await import("pg")).default;
	signal.throwIfAborted();
	const socket = new Socket();
	const client = new Client(clientConfig(address, encryption, socket));
	let isOpen = true;
	client.on("error", () => {
		isOpen = false;
	});
	client.on("end", () => {
		isOpen = false;
	});
	const closed = new Promise<void>((resolve) => {
		socket.once("close", () => resolve());
	});
	const destroy = () => {
		isOpen = false;
		socket.destroy();
		return closed;
	};
	signal.addEventListener("abort", destroy, { once: true });
	try {
		await client.connect();
	} catch (error) {
		await destroy();
		throw error;
	} finally {
		signal.removeEventListener("abort", destroy);
	}
	return {
		get isOpen() {
			return isOpen;
		},
		query: async (sql) => (await client.query<Row>(sql)).rows,
		async queryWith(text, values) {
			const query = { text, values: [...values], queryMode: "extended" };
			const { rows, fields } = await client.query<Row>(query);
			const columns = fields.map(({ name, dataTypeID }) => ({
				name,
				typeId: dataTypeID,
			}));
			return { rows, columns };
		},
		destroy,
		async close() {
			const giveUp = setTimeout(destroy, 1000);
			await client.end();
			clearTimeout(giveUp);
		},
	};
}

/** Nothing here reaches the server at its start but names: a pooler refuses timeouts and other settings there. */
function clientConfig(
	address: Address,
	ssl: Encryption,
	socket: Socket,
): ClientConfig {
	const { host, port, user, password, database, options } = address;
	return {
		host,
		port,
		user,
		password,
		database,
		options,
		ssl,
		application_name: "adult_matching_monitoring",
		// Our own, so that it can be destroyed: pg has no way to drop a connection that does not answer.
		stream: () => socket,
		keepAlive: !isSocket(host),
		// Queries are sent without waiting for the answers: a collection then costs few round trips.
		pipeline: true,
		// Every value stays the text that the server sent, whatever parsers the program has set for its own queries.
		types: { getTypeParser: () => (text: string) => text },
	};
}
