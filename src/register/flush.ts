/** Milliseconds that a process without a handler of its own lives on after a signal. */
const limit = 2000;

/**
 * Has the last data sent when the process ends, and leaves the ending to the app: where it handles the signal, or ends by
 * itself, nothing else changes; where it doesn't, the signal ends it as it would have, after the sending.
 * @param flush sends what there is; never rejects
 */
export function flushAtEnd(flush: () => Promise<void>): void {
	process.once("beforeExit", () => void flush());
	for (const signal of ["SIGTERM", "SIGINT"] as const) {
		let isEnding = false;
		const onSignal = () => {
			const flushed = flush();
			if (process.listenerCount(signal) > 1 + bystanders()) return;
			const end = () => {
				process.removeListener(signal, onSignal);
				process.kill(process.pid, signal);
			};
			if (isEnding) return end();
			isEnding = true;
			void Promise.race([
				flushed,
				new Promise((done) => setTimeout(done, limit)),
			]).then(end);
		};
		process.on(signal, onSignal);
	}
}

/**
 * Listeners of the package signal-exit, which many have without knowing: it ends the process only where no one else
 * listens, so that each would wait for the other.
 */
function bystanders(): number {
	const emitters: unknown[] = [
		Reflect.get(globalThis, Symbol.for("signal-exit emitter")),
		Reflect.get(process, "__signal_exit_emitter__"),
	];
	return emitters.map(countOf).reduce((sum, count) => sum + count, 0);
}

function countOf(emitter: unknown): number {
	if (typeof emitter !== "object" || emitter === null) return 0;
	return "count" in emitter && typeof emitter.count === "number"
		? emitter.count
		: 0;
}
