import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	childOf,
	formatTraceparent,
	isSampled,
	parseTraceContext,
	parseTracestate,
} from "../../../supabase/functions/_shared/monitoring/trace-context.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const right = `00-${traceId}-${spanId}-01`;

describe("traceparent", () => {
	it("is taken in as the specification writes it", () => {
		expect(parseTraceContext(right, null)).toEqual({
			traceId,
			spanId,
			flags: 1,
			state: "",
		});
	});

	it.each([
		["a later version", `01-${traceId}-${spanId}-01`, 1],
		["more fields of a later version", `cc-${traceId}-${spanId}-01-what`, 1],
		["not sampled", `00-${traceId}-${spanId}-00`, 0],
		["the random flag", `00-${traceId}-${spanId}-03`, 3],
		[
			"flags of the future, which are not sent on",
			`00-${traceId}-${spanId}-ff`,
			3,
		],
	])("with %s is right", (_, header, flags) => {
		expect(parseTraceContext(header, null)?.flags).toBe(flags);
	});

	it.each([
		["nothing", null],
		["an empty text", ""],
		["the forbidden version", `ff-${traceId}-${spanId}-01`],
		["a trace id of zeros", `00-${"0".repeat(32)}-${spanId}-01`],
		["a span id of zeros", `00-${traceId}-${"0".repeat(16)}-01`],
		["capitals", right.toUpperCase()],
		["a fifth field in version 00", `${right}-what`],
		["a dash at the end of version 00", `${right}-`],
		[
			"a later version that goes on without a dash",
			`01-${traceId}-${spanId}-01x`,
		],
		["no flags", `00-${traceId}-${spanId}`],
		["one digit of flags", `00-${traceId}-${spanId}-1`],
		["a short trace id", `00-${traceId.slice(1)}-${spanId}-01`],
		["a long trace id", `00-${traceId}0-${spanId}-01`],
		[
			"letters that are no digits",
			`00-${traceId.replace("0", "g")}-${spanId}-01`,
		],
		["two of them, as a header sent twice", `${right}, ${right}`],
		["space around it", ` ${right}`],
		["another separator", right.replaceAll("-", "_")],
	])("that is %s is not taken", (_, header) => {
		expect(parseTraceContext(header, "a=1")).toBeUndefined();
	});

	it("survives being sent on: what is written is read again", () => {
		fc.assert(
			fc.property(fc.boolean(), fc.boolean(), (sampled, random) => {
				const flags = Number(sampled) + 2 * Number(random);
				const context = childOf({ ...childOf(undefined), flags });
				const header = formatTraceparent(context);
				expect(parseTraceContext(header, null)).toEqual(context);
			}),
		);
	});

	it("of any text is either nothing or a context that can be sent on", () => {
		const hex = fc.stringMatching(/^[0-9a-f]{2,34}$/);
		const near = fc.tuple(hex, hex, hex, hex).map((parts) => parts.join("-"));
		fc.assert(
			fc.property(fc.oneof(near, fc.string()), (header) => {
				const context = parseTraceContext(header, null);
				if (!context) return;
				expect(formatTraceparent(context)).toMatch(
					/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]$/,
				);
			}),
		);
	});
});

describe("a span's place", () => {
	it("at the root is in a new, sampled trace", () => {
		const [one, other] = [childOf(undefined), childOf(undefined)];
		expect(isSampled(one)).toBe(true);
		expect(one.traceId).not.toBe(other.traceId);
		expect(formatTraceparent(one)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
	});

	it("under a parent is in its trace, with its flags and its state", () => {
		const parent = parseTraceContext(`00-${traceId}-${spanId}-00`, "a=1");
		const child = childOf(parent);
		expect(child).toMatchObject({ traceId, flags: 0, state: "a=1" });
		expect(child.spanId).not.toBe(spanId);
	});
});

describe("tracestate", () => {
	it.each([
		["one member", "rojo=00f067aa0ba902b7", "rojo=00f067aa0ba902b7"],
		["space and empty members", " a=1 , ,b=2\t,", "a=1,b=2"],
		["a tenant", "fw529a3039@dt=FfAAAA", "fw529a3039@dt=FfAAAA"],
		["all that a key may have", "a0_-*/=1", "a0_-*/=1"],
		["spaces inside a value", "a=1 2", "a=1 2"],
		["nothing", "", ""],
	])("with %s is sent on", (_, header, sent) => {
		expect(parseTracestate(header)).toBe(sent);
	});

	it.each([
		["a key twice", "a=1,b=2,a=3"],
		["a capital in a key", "A=1"],
		["a digit in front of a key", "0a=1"],
		["no value", "a="],
		["no equals sign", "a"],
		["two equals signs", "a=1=2"],
		["a character beyond ASCII", "a=ä"],
		["a control character", "a=\u0001"],
		["a key that is too long", `${"a".repeat(257)}=1`],
		["a tenant that is too long", `${"a".repeat(242)}@b=1`],
		["a system that is too long", `a@${"b".repeat(15)}=1`],
		["a value that is too long", `a=${"1".repeat(257)}`],
		[
			"33 members",
			Array.from({ length: 33 }, (_, each) => `k${each}=1`).join(),
		],
	])("with %s is not sent on at all", (_, header) => {
		expect(parseTracestate(header)).toBe("");
	});

	it("is sent on in full, however long", () => {
		const members = Array.from(
			{ length: 32 },
			(_, at) => `k${at}=${"y".repeat(200)}`,
		);
		expect(parseTracestate(members.join(", "))).toBe(members.join());
	});
});
