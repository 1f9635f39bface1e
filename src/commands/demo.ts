import type { Logger } from "pino";
import type { ConfigInput } from "../config/schema/schema.ts";

/** Something that runs, to be monitored where nothing is configured. */
export interface Demo {
	/** What of it is to be watched, as a configuration would name it. */
	readonly config: ConfigInput;
	stop(): Promise<void>;
}

export type StartDemo = (options: {
	readonly databaseUrl: string;
	/** Where its jobs report, by `POST <url>/<name>` with the token. */
	readonly heartbeat: { readonly url: string; readonly token: string };
	readonly log: Logger;
	/** Takes each line that it writes: JSON in the contract's format. */
	readonly output: (line: string) => void;
	/** Ends it while it starts: it rejects then, when nothing of it runs any more. */
	readonly signal: AbortSignal;
}) => Promise<Demo>;
