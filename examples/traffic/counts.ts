interface Count {
	answers: number;
	/** Milliseconds: of all together, and of the slowest. */
	total: number;
	slowest: number;
}

/** What was sent, and what came back. */
export class Counts {
	readonly #counts = new Map<string, Count>();

	/** @param outcome status of the answer, or why there was none */
	add(name: string, outcome: number | string, milliseconds: number): void {
		const key = `${name}: ${outcome}`;
		const count = this.#counts.get(key);
		const { answers, total, slowest } = count ?? {
			answers: 0,
			total: 0,
			slowest: 0,
		};
		this.#counts.set(key, {
			answers: answers + 1,
			total: total + milliseconds,
			slowest: Math.max(slowest, milliseconds),
		});
	}

	/** How many answers there were. */
	sum(): number {
		return [...this.#counts.values()].reduce(
			(sum, { answers }) => sum + answers,
			0,
		);
	}

	/** A line for each kind of visit and its outcome. */
	lines(): string[] {
		return [...this.#counts]
			.sort(([one], [other]) => one.localeCompare(other))
			.map(([key, { answers, total, slowest }]) => {
				const mean = (total / answers).toFixed(1);
				return `${String(answers).padStart(7)}  ${key} (mean ${mean} ms, slowest ${slowest.toFixed(1)} ms)`;
			});
	}
}
