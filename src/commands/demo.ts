import type { Logger } from "pino";
import type { Config } from "../config/schema.ts";

/** Something that runs, to be monitored where nothing is configured. */
export interface Demo {
	/** What of it is to be probed, as the configuration would name it. */
	readonly components: Pick<
		Config,
		"endpoints" | "ml_endpoints" | "data_flow_checks"
	>;
	stop(): Promise<void>;
}

export type StartDemo = (options: {
	readonly databaseUrl: string;
	readonly log: Logger;
}) => Promise<Demo>;
