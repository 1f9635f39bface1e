import { describe, expect, test } from "vitest";
import { foldReadings, LabelBounds } from "../../../src/metrics/fold.ts";
import { counter, gauge, type Metric } from "../../../src/metrics/metric.ts";

const sizes: Metric = {
	name: "size_bytes",
	kind: "gauge",
	unit: "By",
	help: "",
	labels: { database: { atMost: 2 } },
};
const states: Metric = {
	name: "by_state",
	kind: "gauge",
	unit: "{connection}",
	help: "",
	labels: { state: ["active", "idle"] },
};

function fold(readings: Parameters<typeof foldReadings>[0]) {
	const folds: string[] = [];
	const folded = foldReadings(readings, (metric, label) =>
		folds.push(`${metric.name} ${label}`),
	);
	return { folds, values: folded.map(({ labels, value }) => [labels, value]) };
}

describe("labels are bounded", () => {
	test("an unknown value becomes other, and is counted", () => {
		const { folds, values } = fold([
			gauge(states, 3, { state: "active" }),
			gauge(states, 4, { state: "strange" }),
		]);
		expect(values).toEqual([
			[{ state: "active" }, 3],
			[{ state: "other" }, 4],
		]);
		expect(folds).toEqual(["by_state state"]);
	});

	test("what folds together is one series: its sum", () => {
		const { folds, values } = fold(
			["a", "b", "c", "d"].map((database, i) =>
				gauge(sizes, 10 ** i, { database }),
			),
		);
		expect(values).toEqual([
			[{ database: "a" }, 1],
			[{ database: "b" }, 10],
			[{ database: "other" }, 1100],
		]);
		expect(folds).toHaveLength(2);
	});

	test.each([
		["max", 1000],
		["min", 100],
	] as const)("or its %s where the metric says so", (how, value) => {
		const metric = { ...sizes, fold: how };
		const { values } = fold(
			["a", "b", "c", "d"].map((database, i) =>
				gauge(metric, 10 ** i, { database }),
			),
		);
		expect(values.at(-1)).toEqual([{ database: "other" }, value]);
	});

	test("two readings of the same series are made one, since Prometheus refuses a scrape with both", () => {
		const { values } = fold([
			gauge(states, 1, { state: "idle" }),
			gauge(states, 2, { state: "idle" }),
		]);
		expect(values).toEqual([[{ state: "idle" }, 3]]);
	});

	test("counters that fold stood at zero when the oldest did", () => {
		const metric: Metric = { ...sizes, kind: "counter" };
		const folded = foldReadings(
			["a", "b", "c", "d"].map((database, i) =>
				counter(metric, 1, 1000 - i, { database }),
			),
			() => {},
		);
		expect(folded.at(-1)?.since).toBe(997);
	});

	test("a label that the metric does not declare is left out", () => {
		const { values } = fold([gauge(states, 1, { state: "idle", user: "me" })]);
		expect(values).toEqual([[{ state: "idle" }, 1]]);
	});

	test("a recorded instrument keeps its values for its lifetime", () => {
		const bounds = new LabelBounds(() => {});
		const take = (database: string) => bounds.within(sizes, { database });
		expect(["a", "b", "c", "a", "b"].map(take).map((l) => l.database)).toEqual([
			"a",
			"b",
			"other",
			"a",
			"b",
		]);
	});
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
	"%s is no reading: it is refused with the metric's name",
	(value) => {
		expect(() => gauge(sizes, value)).toThrow("size_bytes was read as");
	},
);
