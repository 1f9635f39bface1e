import { parseAddress } from "../config/database-address.ts";
import type { Settings } from "../config/load.ts";
import type { Config } from "../config/schema/schema.ts";
import type { History } from "../history/history.ts";
import { ReadOnlyDatabase } from "../postgres/read-only-database.ts";
import { failedAssertion } from "./assertions.ts";
import type { Mask } from "./excerpt.ts";
import { Heartbeats } from "./heartbeats/heartbeats.ts";
import { tracedRequest } from "./http/traced-request.ts";
import type { SourceDependencies } from "./values/source-reader.ts";

/** What checks share. */
export interface Resources {
	readonly sources: SourceDependencies;
	/** For the question whether the database is there, which no slow query of a user may hold up. */
	readonly ownDatabase: ReadOnlyDatabase | undefined;
	readonly heartbeats: Heartbeats;
	close(): Promise<void>;
}

/**
 * Opens what the checks of a configuration need.
 * @param mask takes configured secrets out of what is shown
 */
export function openResources(
	config: Config,
	{ databaseUrl }: Settings,
	history: Pick<History, "remember" | "recall">,
	mask: Mask,
): Resources {
	const open = () =>
		databaseUrl === undefined
			? undefined
			: new ReadOnlyDatabase(parseAddress(databaseUrl));
	const database = open();
	const ownDatabase = open();
	return {
		sources: {
			database,
			request: tracedRequest,
			failedAssertion: (assertions, answer) =>
				failedAssertion(assertions, answer, mask),
		},
		ownDatabase,
		heartbeats: new Heartbeats(config.heartbeats, history, Date.now()),
		close: async () => {
			await Promise.all([database?.close(), ownDatabase?.close()]);
		},
	};
}
