/** Seconds between two runs of each job. */
export interface Intervals {
	readonly sync: number;
	readonly training: number;
	readonly renewal: number;
}

export function intervals(
	environment: Readonly<Record<string, string | undefined>> = process.env,
): Intervals {
	return {
		sync: Number(environment.SYNC_INTERVAL ?? 30),
		training: Number(environment.TRAINING_INTERVAL ?? 600),
		renewal: Number(environment.RENEWAL_INTERVAL ?? 60),
	};
}
