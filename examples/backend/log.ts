import { type Logger, pino } from "pino";

const levels: Readonly<Record<string, string>> = {
	trace: "DEBUG",
	debug: "DEBUG",
	info: "INFO",
	warn: "WARN",
	error: "ERROR",
	fatal: "ERROR",
};

/** A log in the contract's format, one JSON object a line. `register` adds the ids of the active trace. */
export function createLog(service: string): Logger {
	return pino({
		level: process.env.LOG_LEVEL?.toLowerCase() || "info",
		base: null,
		messageKey: "message",
		nestedKey: "data",
		formatters: { level: (label) => ({ level: levels[label] }) },
		timestamp: () =>
			`,"context":{"functionName":"${service}","timestamp":"${new Date().toISOString()}"}`,
	});
}
