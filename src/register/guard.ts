/** Runs what watches the app so that a failure of ours is one line in the log, and nothing to the app. */
export class Guard {
	readonly #log: { warn(message: string): void };
	readonly #told = new Set<string>();

	constructor(log: { warn(message: string): void }) {
		this.#log = log;
	}

	/** @param subject what goes unrecorded when it fails, such as "routes of express" */
	run<Result>(subject: string, watch: () => Result): Result | undefined {
		try {
			return watch();
		} catch (error) {
			if (!this.#told.has(subject)) {
				this.#told.add(subject);
				this.#log.warn(`${subject} cannot be recorded: ${String(error)}`);
			}
			return undefined;
		}
	}
}
