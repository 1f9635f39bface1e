/** Where a span stands in a trace. */
export interface TraceContext {
	readonly traceId: string;
	readonly spanId: string;
	/** W3C trace flags: 1 is "sampled", 2 "the trace id is random". */
	readonly flags: number;
	/** `tracestate`, as it is sent on. */
	readonly state: string;
}

/** Version `ff` and ids of zeros are invalid; only a version after 00 may have more than four fields. */
const traceparent =
	/^(?!ff|00.{54})[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;
const knownFlags = 0b11;

const member =
	/^(?:[a-z][a-z\d_*/-]{0,255}|[a-z\d][a-z\d_*/-]{0,240}@[a-z][a-z\d_*/-]{0,13})=[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;
const mostMembers = 32;

/**
 * The caller's place in its trace, or `undefined` where the header isn't right to the letter.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceContext(
	parent: string | null,
	state: string | null,
): TraceContext | undefined {
	const [, traceId, spanId, flags] = traceparent.exec(parent ?? "") ?? [];
	if (!traceId || !spanId || !flags) return undefined;
	return {
		traceId,
		spanId,
		flags: Number(`0x${flags}`) & knownFlags,
		state: parseTracestate(state ?? ""),
	};
}

/**
 * `tracestate` as it is sent on: empty where any of it is wrong.
 * https://www.w3.org/TR/trace-context/#tracestate-header
 */
export function parseTracestate(header: string): string {
	const members = header
		.trim()
		.split(/[ \t]*,[ \t]*/)
		.filter(Boolean);
	const keys = new Set(members.map((part) => part.split("=", 1)[0]));
	const right =
		members.length <= mostMembers &&
		keys.size === members.length &&
		members.every((part) => member.test(part));
	return right ? members.join() : "";
}

/** `00-<trace id>-<span id>-<flags>`; the known flags are one digit. */
export function formatTraceparent(context: TraceContext): string {
	const { traceId, spanId, flags } = context;
	return `00-${traceId}-${spanId}-0${flags}`;
}

/** The place of a new span: under its parent, or at the root of a new, sampled trace. */
export function childOf(parent: TraceContext | undefined): TraceContext {
	return {
		traceId: parent?.traceId ?? randomHex(4),
		spanId: randomHex(2),
		flags: parent?.flags ?? 1,
		state: parent?.state ?? "",
	};
}

export function isSampled(context: TraceContext): boolean {
	return (context.flags & 1) === 1;
}

/** Eight digits a word, not all of them zero. */
function randomHex(words: number): string {
	let hex = "";
	for (const word of crypto.getRandomValues(new Uint32Array(words))) {
		hex += word.toString(16).padStart(8, "0");
	}
	return /[^0]/.test(hex) ? hex : randomHex(words);
}
