import type { Logger } from "pino";
import type { Config } from "../config/schema.ts";

/** Something that runs, to be monitored where nothing is configured. */
export interface Demo {
	/** What of it is to be probed, as the configuration would name it. */
	readonly components: Pick<Config, "endpoints" | "ml_endpoints">;
	stop(): Promise<void>;
}

export type StartDemo = (options: {
	readonly databaseUrl: string;
	readonly log: Logger;
	/** Takes each line that it writes: JSON in the contract's format. */
	readonly output: (line: string) => void;
}) => Promise<Demo>;
