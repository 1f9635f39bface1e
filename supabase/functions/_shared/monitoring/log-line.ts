import { withoutUser } from "./context.ts";
import { describe } from "./describe.ts";
import { type Level, levels } from "./environment.ts";
import { encodeAttributes, nanoseconds } from "./otlp.ts";
import { redactText } from "./redact.ts";
import type { TraceContext } from "./trace-context.ts";

export interface LogEntry {
	readonly level: Level;
	readonly message: string;
	readonly functionName: string;
	/** Unix milliseconds. */
	readonly time: number;
	readonly data?: unknown;
	readonly requestId?: string | undefined;
	readonly userId?: string | undefined;
	/** What the user adds to the context. */
	readonly context?: unknown;
	readonly span?: TraceContext | undefined;
}

const longestMessage = 2048;

/** What the library has to say itself. */
export function ownEntry(level: Level, message: string): LogEntry {
	return { level, message, functionName: "monitoring", time: Date.now() };
}

export function isLogged(level: Level, least: Level): boolean {
	return levels.indexOf(level) >= levels.indexOf(least);
}

/** Writes the contract's JSON line on the console. A console that throws breaks nothing. */
export function writeLine(entry: LogEntry): void {
	try {
		console[entry.level](formatLine(entry));
	} catch {}
}

/** `{"level", "message", "data", "context", "trace_id", "span_id"}` on one line. */
export function formatLine(entry: LogEntry): string {
	return JSON.stringify({
		level: entry.level.toUpperCase(),
		message: redactText(entry.message, longestMessage),
		data: describe(entry.data),
		context: Object.assign(
			{
				requestId: entry.requestId,
				userId: entry.userId && redactText(entry.userId, 100),
				functionName: entry.functionName,
			},
			describe(entry.context),
			{ timestamp: new Date(entry.time).toISOString() },
		),
		trace_id: entry.span?.traceId,
		span_id: entry.span?.spanId,
	});
}

/** The entry as a log record of OTLP's JSON, its data as JSON in turn. It does not tell who the user is. */
export function encodeLog(entry: LogEntry): string {
	const { span, level } = entry;
	const hidden = { users: false };
	const text = redactText(withoutUser(entry.message), longestMessage);
	const attributes = encodeAttributes({
		"faas.invocation_id": entry.requestId,
		data: JSON.stringify(describe(entry.data, hidden)),
		context: JSON.stringify(describe(entry.context, hidden)),
	});
	const ids = span
		? `"traceId":"${span.traceId}","spanId":"${span.spanId}","flags":${span.flags},`
		: "";
	return (
		`{${ids}"timeUnixNano":"${nanoseconds(entry.time)}"` +
		`,"severityNumber":${5 + 4 * levels.indexOf(level)}` +
		`,"severityText":"${level.toUpperCase()}"` +
		`,"body":{"stringValue":${JSON.stringify(text)}}` +
		`,"attributes":${attributes}}`
	);
}
