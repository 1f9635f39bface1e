import { withoutUser } from "./context.ts";
import { stackFrames } from "./describe.ts";
import {
	type Attributes,
	type AttributeValue,
	encodeAttributes,
	nanoseconds,
} from "./otlp.ts";
import { redactText } from "./redact.ts";
import { childOf, type TraceContext } from "./trace-context.ts";

/** Time that runs on evenly: a wall clock read once, and a monotonic one from there. */
export class Clock {
	/** When it was made, in Unix milliseconds. */
	readonly start = Date.now();
	readonly #origin = performance.now();

	/** Unix milliseconds, with fractions. */
	now(): number {
		return this.start + performance.now() - this.#origin;
	}
}

/** `SpanKind` of OTLP. */
export type Kind = typeof internal | typeof server | typeof client;
export const internal = 1;
export const server = 2;
export const client = 3;

const errorStatus = 2;
/** Bits of OTLP's `flags` beside the W3C trace flags: whether it is known, and true, that the parent is remote. */
const remoteKnown = 0x100;
const remote = 0x200;

/** Something that takes time, in a trace. */
export class Span {
	readonly context: TraceContext;
	readonly #name: string;
	readonly #kind: Kind;
	readonly #parent: TraceContext | undefined;
	readonly #clock: Clock;
	readonly #start: number;
	readonly #attributes: Record<string, AttributeValue> = {};
	#failed = false;
	#events = "";

	constructor(
		name: string,
		spanKind: Kind,
		parent: TraceContext | undefined,
		clock: Clock,
	) {
		this.context = childOf(parent);
		this.#name = redactText(withoutUser(name), 128);
		this.#kind = spanKind;
		this.#parent = parent;
		this.#clock = clock;
		this.#start = clock.now();
	}

	set(attributes: Attributes): void {
		Object.assign(this.#attributes, attributes);
	}

	/** Milliseconds since the start. */
	elapsed(): number {
		return this.#clock.now() - this.#start;
	}

	/**
	 * Marks it as failed. Of what was thrown, only the type and the places are kept:
	 * a message may quote what a user sent.
	 */
	fail(type: string, thrown?: unknown): void {
		this.#failed = true;
		this.set({ "error.type": type });
		if (thrown === undefined) return;
		const attributes = encodeAttributes({
			"exception.type": type,
			"exception.stacktrace": stackFrames(thrown) || undefined,
		});
		const time = nanoseconds(this.#clock.now());
		this.#events = `,"events":[{"name":"exception","timeUnixNano":"${time}","attributes":${attributes}}]`;
	}

	/** The span in OTLP's JSON, ending now. */
	end(): string {
		const { traceId, spanId, state, flags } = this.context;
		const parent = this.#parent;
		// Only a server's span has its parent in another process.
		const where = remoteKnown | (parent && this.#kind === server ? remote : 0);
		const start = nanoseconds(this.#start);
		const end = nanoseconds(this.#clock.now());
		const attributes = encodeAttributes(this.#attributes, safeText);
		return (
			`{"traceId":"${traceId}","spanId":"${spanId}","flags":${flags | where}` +
			(parent ? `,"parentSpanId":"${parent.spanId}"` : "") +
			(state && `,"traceState":${JSON.stringify(state)}`) +
			`,"name":${JSON.stringify(this.#name)},"kind":${this.#kind}` +
			`,"startTimeUnixNano":"${start}","endTimeUnixNano":"${end}"` +
			`,"attributes":${attributes}${this.#events}` +
			(this.#failed ? `,"status":{"code":${errorStatus}}}` : "}")
		);
	}
}

function safeText(text: string): string {
	return redactText(withoutUser(text), 1024);
}
