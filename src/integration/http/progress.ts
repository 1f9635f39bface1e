import type { Phase, PhaseDurations } from "./exchange.ts";

/** How far a request has come, over all its redirects. */
export class Progress {
	readonly #start = performance.now();
	readonly #durations: Partial<Record<Phase, number>> = {};
	readonly #onPhaseEnd: (phase: Phase) => void;
	#phase: Phase = "dns";
	#phaseStart = this.#start;
	/** How many redirects were followed. */
	redirects = 0;
	/** Bytes that came in the phase. */
	received: () => number = () => 0;
	/** Unix seconds at which the first certificate that was seen ends. */
	certificateExpiry: number | undefined;

	constructor(onPhaseEnd: (phase: Phase) => void) {
		this.#onPhaseEnd = onPhaseEnd;
	}

	/** The phase that was begun last. */
	get phase(): Phase {
		return this.#phase;
	}

	/** Seconds that each phase took that came to its end. */
	get durations(): PhaseDurations {
		return { ...this.#durations };
	}

	/** Seconds since the start. */
	get duration(): number {
		return secondsSince(this.#start);
	}

	begin(phase: Phase): void {
		this.#phase = phase;
		this.#phaseStart = performance.now();
		this.received = () => 0;
	}

	/** Ends the phase that was begun last. */
	end(): void {
		const phase = this.#phase;
		const before = this.#durations[phase] ?? 0;
		this.#durations[phase] = before + secondsSince(this.#phaseStart);
		this.#onPhaseEnd(phase);
	}

	sawCertificate(expiry: number | undefined): void {
		if (expiry === undefined) return;
		this.certificateExpiry = Math.min(
			expiry,
			this.certificateExpiry ?? Number.POSITIVE_INFINITY,
		);
	}
}

function secondsSince(start: number): number {
	return (performance.now() - start) / 1000;
}
