import { startEmbeddedPostgres } from "../../src/embedded-postgres/server.ts";

/**
 * The Postgres of `DATABASE_URL`, or one of the demo's own, with its data in data/demo.
 * @throws Error where none is given, and none can be started
 */
export async function openPostgres(): Promise<{
	readonly url: string;
	stop(): Promise<void>;
}> {
	const url = process.env.DATABASE_URL;
	if (url) return { url, stop: async () => {} };
	const embedded = await startEmbeddedPostgres("data/demo");
	if (embedded) return embedded;
	throw new Error(
		"there is no embedded Postgres for this machine: set DATABASE_URL to one of yours",
	);
}
