import type { Logger } from "pino";

/** Milliseconds that a stop may take. */
const limit = 4500;
/**
 * A signal that comes again within so many milliseconds is the same one: it went to the whole group, and npm passed it on, which
 * takes it a while on a busy machine.
 */
const same = 2000;

/** Ends the process in good order on SIGINT, SIGTERM or SIGHUP; on a second one at once. */
export function onSignal(log: Logger, stop: () => Promise<void>): void {
	let first: number | undefined;
	const end = async (signal: NodeJS.Signals) => {
		if (first !== undefined) {
			if (performance.now() - first > same) process.exit(1);
			return;
		}
		first = performance.now();
		log.info(`${signal}: stopping`);
		setTimeout(() => {
			log.warn(`not all could be sent or closed within ${limit / 1000} s`);
			process.exit(1);
		}, limit).unref();
		await stop();
		process.exit();
	};
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		process.on(signal, () => void end(signal));
	}
}
