import {
	MappingType,
	type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Metric } from "../metrics/metric.ts";
import { series, within } from "./series.ts";
import type { Language, Text } from "./text.ts";

/** What a number stands for: said by a sign and a word, and by a colour only besides. */
export interface Meaning {
	readonly text: Text;
	readonly color: string;
}

/** The meanings of the numbers from 0 on, or of words. */
export type Meanings = readonly Meaning[] | Readonly<Record<string, Meaning>>;

const well = "green";
const late = "orange";
const bad = "red";
const unclear = "purple";

/** Of `component_state` and its kin, from the best to the worst: prometheus/rules/dashboards.yaml numbers them so too. */
export const componentStates = ["healthy", "unknown", "degraded", "unhealthy"];

export const meaningsOfComponents: Meanings = [
	{ text: { en: "✔ healthy", ja: "✔ 正常" }, color: well },
	{ text: { en: "? unknown", ja: "? 不明" }, color: unclear },
	{ text: { en: "▲ degraded", ja: "▲ 低下" }, color: late },
	{ text: { en: "✖ unhealthy", ja: "✖ 異常" }, color: bad },
];

const systemStates = ["healthy", "warning", "critical"];

export const meaningsOfTheSystem: Meanings = [
	{ text: { en: "✔ healthy", ja: "✔ 正常" }, color: well },
	{ text: { en: "▲ warning", ja: "▲ 警告" }, color: late },
	{ text: { en: "✖ critical", ja: "✖ 重大" }, color: bad },
];

const conditions = [
	"fresh",
	"behind",
	"stale",
	"stopped",
	"empty",
	"unreadable",
];

export const meaningsOfConditions: Meanings = [
	{ text: { en: "✔ fresh", ja: "✔ 最新" }, color: well },
	{ text: { en: "… behind another", ja: "… 前段待ち" }, color: unclear },
	{ text: { en: "▲ stale", ja: "▲ 古い" }, color: late },
	{ text: { en: "✖ stopped", ja: "✖ 停止" }, color: bad },
	{ text: { en: "✖ empty", ja: "✖ データなし" }, color: bad },
	{ text: { en: "? unreadable", ja: "? 読み取り不可" }, color: bad },
];

/** Of what is 1 if it is well, else 0. */
export const meaningsOfUp: Meanings = [
	{ text: { en: "✖ down", ja: "✖ 停止" }, color: bad },
	{ text: { en: "✔ up", ja: "✔ 稼働" }, color: well },
];

/** Of a number of things of which there should be some. */
export const meaningsOfPresence: Meanings = {
	0: { text: { en: "✖ none", ja: "✖ なし" }, color: bad },
};

export const meaningsOfSuccess: Meanings = [
	{ text: { en: "✖ failed", ja: "✖ 失敗" }, color: bad },
	{ text: { en: "✔ succeeded", ja: "✔ 成功" }, color: well },
];

/** Of `levelOf`. */
export const meaningsOfLevels: Meanings = [
	{ text: { en: "✔ ok", ja: "✔ 正常" }, color: well },
	{ text: { en: "▲ warning", ja: "▲ 警告" }, color: late },
	{ text: { en: "✖ critical", ja: "✖ 重大" }, color: bad },
];

/** From the worst on. */
export const severities = ["critical", "warning", "info"];

export const meaningsOfSeverities: Meanings = [
	{ text: { en: "✖ critical", ja: "✖ 重大" }, color: bad },
	{ text: { en: "▲ warning", ja: "▲ 警告" }, color: late },
	{ text: { en: "ℹ info", ja: "ℹ 情報" }, color: "blue" },
];

type StateMetric = Metric & { readonly kind: "gauge" };

/** The worst of a metric that is 1 for the state that something is in: the state's place in `meaningsOfComponents`. */
export function worstState(metric: StateMetric, by = "", ...where: string[]) {
	return worst(metric, "state", componentStates, by, where);
}

/** The same, by `meaningsOfTheSystem`. */
export function worstSystemState(metric: StateMetric): string {
	return worst(metric, "state", systemStates, "", []);
}

/** The worst within each point of a bar, by `meaningsOfConditions`. */
export function worstCondition(metric: StateMetric, by: string): string {
	return worst(metric, "condition", conditions, by, [], (selected) =>
		within("max", selected),
	);
}

/** The same of what is 1 if it is well, else 0. */
export function leastWithin(metric: StateMetric, by: string): string {
	return `min by (${by}) (${within("min", series(metric))})`;
}

function worst(
	metric: StateMetric,
	label: string,
	states: readonly string[],
	by: string,
	where: readonly string[],
	read = (selected: string) => selected,
): string {
	const numbered = states.map(
		(state, place) =>
			`${place} * ${read(series(metric, ...where, `${label}="${state}"`))}`,
	);
	return `max${by && ` by (${by})`} (${numbered.join(" or ")})`;
}

/** How Grafana is told of meanings. */
export function mappingOf(
	meanings: Meanings,
	language: Language,
): ValueMapping[] {
	const options = Object.entries(meanings).map(
		([value, { text, color }], index) =>
			[value, { text: text[language], color, index }] as const,
	);
	return [
		{ type: MappingType.ValueToText, options: Object.fromEntries(options) },
	];
}

/** What a number of things is that should be none. */
export interface Count {
	readonly none: Text;
	readonly color: string;
}

export const warnings: Count = {
	none: { en: "✔ none", ja: "✔ なし" },
	color: late,
};
export const criticals: Count = { ...warnings, color: bad };

export function mappingOfCounts(
	{ none, color }: Count,
	language: Language,
): ValueMapping[] {
	return [
		{
			type: MappingType.ValueToText,
			options: { "0": { text: none[language], color: well, index: 0 } },
		},
		{
			type: MappingType.RangeToText,
			options: { from: 0, to: null, result: { color, index: 1 } },
		},
	];
}
