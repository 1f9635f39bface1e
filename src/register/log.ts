import { masker } from "../telemetry/mask.ts";

type Level = "error" | "warn" | "info" | "debug" | "trace";

/** What `register` itself has to say; the app's own log is the app's. */
export type RegisterLog = Readonly<Record<Level, (message: string) => void>>;

const ranks = { trace: 0, debug: 1, info: 2, warn: 3, error: 4 };

/**
 * Lines in the contract's format. Not by pino, which would be loaded before the app's own can be patched.
 * @param least least severe level that is written, in upper or lower case; `info` unless it is one
 */
export function registerLog(
	least: string | undefined,
	write: (line: string) => void,
): RegisterLog {
	const mask = masker([]);
	const threshold = rankOf(least?.toLowerCase());
	const at = (level: Level) => (message: string) => {
		if (ranks[level] < threshold) return;
		const line = {
			level: level === "trace" ? "DEBUG" : level.toUpperCase(),
			message: mask(message),
			context: {
				functionName: "adult-matching-monitoring/register",
				timestamp: new Date().toISOString(),
			},
		};
		write(`${JSON.stringify(line)}\n`);
	};
	return {
		error: at("error"),
		warn: at("warn"),
		info: at("info"),
		debug: at("debug"),
		trace: at("trace"),
	};
}

function rankOf(level: string | undefined): number {
	if (level === "silent" || level === "fatal") return Number.POSITIVE_INFINITY;
	const known = Object.entries(ranks).find(([name]) => name === level);
	return known?.[1] ?? ranks.info;
}
