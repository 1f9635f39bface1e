import type { Reading } from "../metrics/metric.ts";

/** What one round of a collector brought. */
export interface Collection {
	readonly readings: readonly Reading[];
	/** What should have been read and could not, a sentence each. Counted as errors; logged when one appears and when it is gone. */
	readonly problems?: readonly string[];
	/** What is not there to be read (a privilege, an extension), a sentence each. Named once in the log, and no error. */
	readonly absent?: readonly string[];
}

/** Reads one subject. Each runs by itself: one that fails or hangs touches no other. */
export interface Collector {
	/** The value of the `collector` label: lower case, one word. */
	readonly name: string;
	/** Seconds after which a round counts as failed and its signal is aborted. */
	readonly timeLimit: number;
	/** Rejects if nothing could be read; then none of its series is reported. */
	collect(signal: AbortSignal): Promise<Collection>;
	close?(): Promise<void>;
}
