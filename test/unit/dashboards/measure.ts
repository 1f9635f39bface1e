import type { Expression, Selector } from "./expression.ts";
import { metricNamed } from "./metric-named.ts";

/** What a number counts: seconds and bytes to some power, times a factor: 0.01 for percent, 0.001 for milliseconds. */
export interface Unit {
	readonly seconds: number;
	readonly bytes: number;
	readonly factor: number;
}

/** Of counts, shares, states and factors. */
export const plain: Unit = { seconds: 0, bytes: 0, factor: 1 };
const second: Unit = { ...plain, seconds: 1 };

const units: Readonly<Record<string, Unit>> = {
	s: second,
	ms: { ...second, factor: 0.001 },
	By: { ...plain, bytes: 1 },
	"%": { ...plain, factor: 0.01 },
};

/** Grafana's units that dashboards use. */
export const grafanaUnits: Readonly<Record<string, Unit>> = {
	none: plain,
	short: plain,
	percentunit: plain,
	percent: { ...plain, factor: 0.01 },
	s: second,
	ms: { ...second, factor: 0.001 },
	bytes: { ...plain, bytes: 1 },
	binBps: { seconds: -1, bytes: 1, factor: 1 },
	reqps: { ...plain, seconds: -1 },
	ops: { ...plain, seconds: -1 },
	cps: { ...plain, seconds: -1 },
	rowsps: { ...plain, seconds: -1 },
};

/** The unit of a query's values, by the catalogue's units of what it reads. */
export function unitOf(part: Expression): Unit {
	switch (part.type) {
		case "vectorSelector":
		case "matrixSelector":
			return unitOfSeries(part);
		case "parenExpr":
		case "subquery":
			return unitOf(part.expr);
		case "aggregation":
			return part.op === "count" || part.op === "group"
				? plain
				: unitOf(part.expr);
		case "numberLiteral":
		case "stringLiteral":
			return plain;
		case "call":
			return unitOfCall(part.func.name, part.args);
		case "binaryExpr":
			return unitOfOperation(part);
	}
}

function unitOfSeries({ name, matchers }: Selector): Unit {
	if (name === "adult_matching_alert_threshold") return unitOfLimit(matchers);
	const { unit, part, isRate } = metricNamed(name);
	const isCount = part === "bucket" || part === "count";
	const own = (isCount ? undefined : units[unit]) ?? plain;
	return isRate ? over(own, second) : own;
}

/** A limit has its signal's unit. */
function unitOfLimit(matchers: Selector["matchers"]): Unit {
	const isTime = matchers.some(({ value }) => value === "response_time");
	return (isTime ? units.ms : units["%"]) ?? plain;
}

function unitOfCall(name: string, args: readonly Expression[]): Unit {
	const [first, buckets] = args;
	switch (name) {
		case "time":
			return second;
		case "histogram_quantile":
			return buckets ? unitOfBuckets(buckets) : plain;
		case "rate":
			return first ? over(unitOf(first), second) : plain;
		case "increase":
		case "avg_over_time":
		case "max_over_time":
		case "min_over_time":
		case "sum_over_time":
		case "last_over_time":
		case "vector":
		case "label_join":
		case "label_replace":
			return first ? unitOf(first) : plain;
		default:
			throw new Error(`what unit has ${name}()?`);
	}
}

/** Of what the buckets are of. */
function unitOfBuckets(part: Expression): Unit {
	switch (part.type) {
		case "aggregation":
		case "parenExpr":
			return unitOfBuckets(part.expr);
		case "call":
			return part.args[0] ? unitOfBuckets(part.args[0]) : plain;
		case "matrixSelector":
			return units[metricNamed(part.name).unit] ?? plain;
		case "binaryExpr": {
			const [left, right] = [unitOfBuckets(part.lhs), unitOfBuckets(part.rhs)];
			if (part.op === "or" && sameUnit(left, right)) return left;
			throw new Error(`buckets of ${part.op}`);
		}
		default:
			throw new Error("a quantile of no buckets");
	}
}

function unitOfOperation({
	op,
	bool,
	lhs,
	rhs,
}: Extract<Expression, { type: "binaryExpr" }>): Unit {
	const [left, right] = [unitOf(lhs), unitOf(rhs)];
	switch (op) {
		case "*":
			return converted(lhs, right) ?? times(left, right);
		case "/":
			return over(left, converted(rhs, plain) ?? right);
		case "+":
		case "-":
		case "or":
			if (sameUnit(left, right)) return left;
			throw new Error(`${op} of two units`);
		case "and":
			return left;
		case ">":
		case ">=":
		case "<":
		case "<=":
			if (!bool) return left;
			if (sameUnit(left, right)) return plain;
			throw new Error(`${op} of two units`);
		case "^":
			return left;
		default:
			throw new Error(`what unit has ${op}?`);
	}
}

/** 100 makes percent, 1000 makes milliseconds (and divided by, seconds); another number only a larger or smaller amount. */
function converted(part: Expression, unit: Unit): Unit | undefined {
	if (part.type !== "numberLiteral") return undefined;
	const number = Number(part.val);
	if (number !== 100 && number !== 1000) return undefined;
	return { ...unit, factor: unit.factor / number };
}

function times(a: Unit, b: Unit): Unit {
	return {
		seconds: a.seconds + b.seconds,
		bytes: a.bytes + b.bytes,
		factor: a.factor * b.factor,
	};
}

function over(a: Unit, b: Unit): Unit {
	return {
		seconds: a.seconds - b.seconds,
		bytes: a.bytes - b.bytes,
		factor: a.factor / b.factor,
	};
}

export function sameUnit(a: Unit, b: Unit): boolean {
	return (
		a.seconds === b.seconds &&
		a.bytes === b.bytes &&
		Math.abs(a.factor / b.factor - 1) < 1e-9
	);
}
