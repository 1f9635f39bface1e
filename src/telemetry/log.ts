import { isSpanContextValid, trace } from "@opentelemetry/api";
import { type Logger, pino } from "pino";
import { masker } from "./mask.ts";

export interface LogOptions {
	/** Least severe level that is written. */
	readonly level: string;
	/** Values that no line may hold. */
	readonly secrets: readonly string[];
	/** Whether a person reads along: then short lines instead of JSON. */
	readonly forTerminal: boolean;
	readonly write: (line: string) => void;
}

const levels: Readonly<Record<string, string>> = {
	trace: "DEBUG",
	debug: "DEBUG",
	info: "INFO",
	warn: "WARN",
	error: "ERROR",
	fatal: "ERROR",
};

/** A logger in the contract's format: `level`, `message`, `data`, `context`, and the ids of the active span. */
export function createLog(options: LogOptions): Logger {
	const mask = masker(options.secrets);
	const format = options.forTerminal ? terminalLine : (line: string) => line;
	return pino(
		{
			level: options.level,
			base: null,
			messageKey: "message",
			nestedKey: "data",
			formatters: { level: (label) => ({ level: levels[label] }) },
			timestamp: contextField,
		},
		{ write: (line: string) => options.write(mask(format(line))) },
	);
}

/** pino's one place for fields outside `data`: JSON that begins with a comma. */
function contextField(): string {
	const span = trace.getActiveSpan()?.spanContext();
	const ids =
		span && isSpanContextValid(span)
			? `,"trace_id":"${span.traceId}","span_id":"${span.spanId}"`
			: "";
	const timestamp = new Date().toISOString();
	return `${ids},"context":{"functionName":"adult-matching-monitoring","timestamp":"${timestamp}"}`;
}

/** `14:03:22 WARN  disk / at 91 % is over 85 %` */
function terminalLine(json: string): string {
	const { level, message, context } = JSON.parse(json);
	const time = new Date(context.timestamp).toLocaleTimeString("sv-SE");
	return `${time} ${String(level).padEnd(5)} ${message}\n`;
}
