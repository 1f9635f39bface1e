import type { Collection, Collector } from "./collector.ts";

/** How a round of a collector ended. */
export type Outcome =
	| { readonly kind: "read"; readonly collection: Collection }
	| { readonly kind: "failed" | "timeout"; readonly problem: string };

export interface Round {
	/** Settles within the collector's time limit. */
	readonly outcome: Promise<Outcome>;
	/** Settles when the collector has really let go, which a hung one does later or never. */
	readonly settled: Promise<void>;
}

/** Runs a collector once, for as long as it may take. */
export function runRound(collector: Collector): Round {
	const controller = new AbortController();
	const reading = read(collector, controller.signal);
	const { promise: tooLate, resolve } = Promise.withResolvers<Outcome>();
	const timer = setTimeout(() => {
		const problem = `${collector.name} did not answer within ${collector.timeLimit} s`;
		controller.abort(new Error(problem));
		resolve({ kind: "timeout", problem });
	}, collector.timeLimit * 1000);
	return {
		outcome: Promise.race([reading, tooLate]).finally(() =>
			clearTimeout(timer),
		),
		settled: reading.then(() => {}),
	};
}

async function read(
	collector: Collector,
	signal: AbortSignal,
): Promise<Outcome> {
	try {
		return { kind: "read", collection: await collector.collect(signal) };
	} catch (error) {
		const problem = error instanceof Error ? error.message : String(error);
		return { kind: "failed", problem };
	}
}
