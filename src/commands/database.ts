import { dirname } from "node:path";
import { nameOf, parseAddress } from "../config/database-address.ts";
import type { Settings } from "../config/load.ts";
import { startEmbeddedPostgres } from "../embedded-postgres/server.ts";

/** The Postgres that is monitored, or why there is none. */
export interface Database {
	readonly url?: string | undefined;
	/** For the reader of the log: which one it is. */
	readonly description: string;
	stop(): Promise<void>;
}

/** The database of `DATABASE_URL`, or one of our own where none is given. */
export async function openDatabase(settings: Settings): Promise<Database> {
	const { databaseUrl: url } = settings;
	if (url !== undefined) {
		const description = `${nameOf(parseAddress(url))} (DATABASE_URL)`;
		return { url, description, stop: async () => {} };
	}
	const folder = dirname(settings.config.history.path);
	try {
		const embedded = await startEmbeddedPostgres(folder);
		if (embedded === undefined) {
			return none("no DATABASE_URL is given, so none is monitored");
		}
		return {
			url: embedded.url,
			description: `an embedded one on port ${embedded.port}, data in ${folder}/postgres (no DATABASE_URL is given)`,
			stop: embedded.stop,
		};
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return none(
			`no DATABASE_URL is given, and the embedded one did not start (${reason})`,
		);
	}
}

function none(description: string): Database {
	return { description, stop: async () => {} };
}
