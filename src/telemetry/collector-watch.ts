import { type ExportResult, ExportResultCode } from "@opentelemetry/core";

export type Signal = "metrics" | "traces";

interface Exporter<Items> {
	export(items: Items, done: (result: ExportResult) => void): void;
}

/** Tells once when the collector goes away, and once when it is back. */
export class CollectorWatch {
	readonly #failing = new Set<Signal>();
	readonly #tell: {
		away(signal: Signal, reason: string): void;
		back(): void;
		attempt(signal: Signal, outcome: "success" | "failure"): void;
	};

	constructor(tell: {
		away(signal: Signal, reason: string): void;
		back(): void;
		attempt(signal: Signal, outcome: "success" | "failure"): void;
	}) {
		this.#tell = tell;
	}

	/** Looks at the result of everything that the exporter sends from now on. */
	observe<Items>(signal: Signal, exporter: Exporter<Items>): void {
		const send = exporter.export.bind(exporter);
		exporter.export = (items, done) =>
			send(items, (result) => {
				this.#report(signal, result);
				done(result);
			});
	}

	#report(signal: Signal, { code, error }: ExportResult): void {
		if (code === ExportResultCode.SUCCESS) {
			this.#tell.attempt(signal, "success");
			if (this.#failing.delete(signal) && this.#failing.size === 0) {
				this.#tell.back();
			}
			return;
		}
		this.#tell.attempt(signal, "failure");
		if (this.#failing.size === 0) {
			this.#tell.away(signal, error?.message || "it does not answer");
		}
		this.#failing.add(signal);
	}
}
