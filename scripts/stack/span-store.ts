import {
	closeSync,
	existsSync,
	openSync,
	readFileSync,
	renameSync,
	writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Span } from "./protobuf.ts";

export interface StoredSpan extends Span {
	/** How often it came. */
	times: number;
}

/** Spans by id, in memory and in two files, of which the older goes when the newer is full. What was added survives the end of the process. */
export class SpanStore {
	readonly #folder: string;
	readonly #limit: number;
	#older: Generation;
	#newer: Generation;
	#file: number;

	/** @param limit of spans, in each of the two files */
	constructor(folder: string, limit: number) {
		this.#folder = folder;
		this.#limit = limit;
		this.#older = read(join(folder, "spans.1.jsonl"));
		this.#newer = read(join(folder, "spans.jsonl"));
		this.#file = openSync(join(folder, "spans.jsonl"), "a");
	}

	add(spans: readonly Span[]): void {
		if (this.#newer.spans.size + spans.length > this.#limit) this.#turn();
		writeSync(this.#file, spans.map(lineOf).join(""));
		for (const span of spans) {
			const known = this.#older.spans.get(span.spanId);
			if (known) known.times += 1;
			else this.#newer.add(span);
		}
	}

	get size(): number {
		return this.#older.spans.size + this.#newer.spans.size;
	}

	trace(traceId: string): StoredSpan[] {
		return [this.#older, this.#newer].flatMap(
			({ traces }) => traces.get(traceId) ?? [],
		);
	}

	all(): StoredSpan[] {
		return [...this.#older.spans.values(), ...this.#newer.spans.values()];
	}

	#turn(): void {
		closeSync(this.#file);
		const file = join(this.#folder, "spans.jsonl");
		renameSync(file, join(this.#folder, "spans.1.jsonl"));
		this.#older = this.#newer;
		this.#newer = new Generation();
		this.#file = openSync(file, "a");
	}
}

/** The spans of one file. */
class Generation {
	readonly spans = new Map<string, StoredSpan>();
	readonly traces = new Map<string, StoredSpan[]>();

	add(span: Span): void {
		const known = this.spans.get(span.spanId);
		if (known) {
			known.times += 1;
			return;
		}
		const stored = { ...span, times: 1 };
		this.spans.set(span.spanId, stored);
		const trace = this.traces.get(span.traceId);
		if (trace) trace.push(stored);
		else this.traces.set(span.traceId, [stored]);
	}
}

function lineOf(span: Span): string {
	const { traceId, spanId, parentSpanId, name, kind, service } = span;
	const fields = [traceId, spanId, parentSpanId, name, kind, service];
	return `${JSON.stringify(fields)}\n`;
}

function read(file: string): Generation {
	const generation = new Generation();
	if (!existsSync(file)) return generation;
	for (const line of readFileSync(file, "utf8").split("\n")) {
		// The last line may be cut short, of a request that was never acknowledged.
		if (!line.endsWith("]")) continue;
		const fields: [string, string, string, string, number, string] =
			JSON.parse(line);
		const [traceId, spanId, parentSpanId, name, kind, service] = fields;
		generation.add({ traceId, spanId, parentSpanId, name, kind, service });
	}
	return generation;
}
