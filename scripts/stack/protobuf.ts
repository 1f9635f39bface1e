export interface Span {
	readonly traceId: string;
	readonly spanId: string;
	readonly parentSpanId: string;
	readonly name: string;
	/** 2 is a server's, 3 a client's. */
	readonly kind: number;
	readonly service: string;
}

const empty: Buffer = Buffer.alloc(0);

/**
 * What a test looks for in OTLP's spans, as protocol buffers have them.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export function spansOf(request: Buffer): Span[] {
	const spans: Span[] = [];
	eachField(request, (field, group) => {
		if (field !== 1) return;
		let service = "";
		const scopes: Buffer[] = [];
		// In any order: the collector writes the last field first.
		eachField(group, (inGroup, part) => {
			if (inGroup === 1) service = serviceOf(part);
			else if (inGroup === 2) scopes.push(part);
		});
		for (const scope of scopes) {
			eachField(scope, (inScope, span) => {
				if (inScope === 2) spans.push(spanOf(span, service));
			});
		}
	});
	return spans;
}

function spanOf(bytes: Buffer, service: string): Span {
	let traceId = "";
	let spanId = "";
	let parentSpanId = "";
	let name = "";
	let kind = 0;
	eachField(bytes, (field, value, number) => {
		if (field === 1) traceId = value.toString("hex");
		else if (field === 2) spanId = value.toString("hex");
		else if (field === 4) parentSpanId = value.toString("hex");
		else if (field === 5) name = value.toString();
		else if (field === 6) kind = number;
	});
	return { traceId, spanId, parentSpanId, name, kind, service };
}

function serviceOf(resource: Buffer): string {
	let service = "";
	eachField(resource, (field, attribute) => {
		if (field !== 1) return;
		let key = "";
		let value: Buffer = empty;
		eachField(attribute, (inPair, part) => {
			if (inPair === 1) key = part.toString();
			else if (inPair === 2) value = part;
		});
		if (key !== "service.name") return;
		eachField(value, (_, text) => {
			service = text.toString();
		});
	});
	return service;
}

/** Calls `take` with each field's number, and its bytes or its integer. */
function eachField(
	bytes: Buffer,
	take: (field: number, value: Buffer, number: number) => void,
): void {
	let at = 0;
	const varint = () => {
		let value = 0;
		for (let factor = 1; ; factor *= 128) {
			const byte = bytes[at++];
			if (byte === undefined) throw new Error("the message is cut short");
			value += (byte % 128) * factor;
			if (byte < 128) return value;
		}
	};
	while (at < bytes.length) {
		const tag = varint();
		const field = Math.floor(tag / 8);
		const wire = tag % 8;
		if (wire === 0) take(field, empty, varint());
		else if (wire === 1) at += 8;
		else if (wire === 5) at += 4;
		else if (wire === 2) {
			const length = varint();
			take(field, bytes.subarray(at, at + length), 0);
			at += length;
		} else throw new Error(`no wire type ${wire} is known`);
	}
}
