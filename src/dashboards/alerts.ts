import { AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { prometheus } from "./data-sources.ts";
import type { About, Panel } from "./panels/about.ts";
import { stat, type Value } from "./panels/stat.ts";
import { table } from "./panels/table.ts";
import { other } from "./series.ts";
import {
	type Count,
	criticals,
	meaningsOfSeverities,
	severities,
	warnings,
} from "./states.ts";
import type { Language, Text } from "./text.ts";

const noAlert: Text = {
	en: "✔ No alert fires.",
	ja: "✔ 発火中のアラートはありません。",
};

const noneOfThese: Text = {
	en: "✔ No alert about this fires. All alerts: System overview.",
	ja: "✔ ここに関するアラートは発火していません。すべてのアラートは「システム概要」にあります。",
};

const noRules: Text = {
	en: "No rule is evaluated: see the dashboard Pipeline, and docs/alerts.md.",
	ja: "ルールが評価されていません。ダッシュボード「パイプライン」と docs/alerts.md をご覧ください。",
};

/** While one of these fires, nothing may be known of what a dashboard is about. */
const blind = 'alertname=~"MonitorGone|ChecksStopped|OtelCollectorDown"';
const isFiring = 'alertstate="firing"';
/** What knows no environment may be of any. */
const ofEnvironmentOrNone = 'deployment_environment_name=~"$environment|"';

/** Labels that say what an alert is about, one beside the other: what is cut is at the end. */
const subjects = [
	"component",
	"group",
	"function",
	"operation",
	"client",
	"server",
	"job",
	"endpoint",
	"mountpoint",
	"database",
	"replica",
	"process",
	"collector",
	"measurement",
	"exporter",
	"deployment_environment_name",
];

/** The alerts that fire, but for the one that always does. */
function firing(...matchers: string[]): string {
	const all = 'alertname!="Watchdog"';
	return other("ALERTS", isFiring, ofEnvironmentOrNone, all, ...matchers);
}

/** Adds a label by which the worst are first. */
function rankOf(alerts: string): string {
	return severities.reduce(
		(ranked, severity, rank) =>
			`label_replace(${ranked}, "rank", "${rank}", "severity", "${severity}")`,
		alerts,
	);
}

/** Adds a label that says what each alert is about. */
function subjectsOf(alerts: string): string {
	// The job of what a monitor tells is the monitor: its machine says more.
	const ofMachine = `label_replace(${alerts}, "job", "$1", "host_name", "(.+)")`;
	// Only in a group is a component what is checked; else it is the kind of the alert.
	const ofGroup = `label_replace(${ofMachine}, "component", "", "group", "")`;
	const labels = subjects.map((label) => `"${label}"`).join(", ");
	return `label_join(${ofGroup}, "about", " ", ${labels})`;
}

/**
 * A row for each alert and what it is about.
 * @param concerned matchers, each enough by itself for an alert to be shown; all are, if they are not said
 */
export function firingAlerts(
	place: Pick<About, "id" | "width" | "height">,
	concerned?: readonly string[],
): Panel {
	const shown = concerned
		? [...concerned, blind].map((matcher) => firing(matcher)).join(" or ")
		: firing();
	const alerts = rankOf(subjectsOf(`(${shown})`));
	return table({
		...place,
		title: { en: "Alerts that fire", ja: "発火中のアラート" },
		description: {
			en: "What is wrong now. docs/runbooks has a page for each name.",
			ja: "現在の異常です。各アラートの対処法は docs/runbooks にあります。",
		},
		noData: concerned ? noneOfThese : noAlert,
		columns: [
			{
				label: "rank",
				title: { en: "Severity", ja: "重大度" },
				meanings: meaningsOfSeverities,
				width: 95,
				first: "smallest",
			},
			{ label: "alertname", title: { en: "Alert", ja: "アラート" } },
			{ label: "about", title: { en: "About", ja: "対象" } },
			{
				expr: `count by (alertname, rank, about) (${alerts})`,
				title: { en: "Count", ja: "件数" },
				width: 60,
			},
		],
	});
}

/** How many alerts fire, by severity. */
export function alertCounts(
	place: Pick<About, "id" | "width" | "height">,
): Panel {
	const value = (severity: string, legend: Text, count: Count): Value => ({
		// One always fires, as long as rules are evaluated.
		expr: `count(${firing(`severity="${severity}"`)}) or 0 * count(${other("ALERTS", isFiring, 'alertname="Watchdog"')})`,
		legend,
		count,
	});
	return stat({
		...place,
		title: { en: "Alerts", ja: "アラート" },
		description: {
			en: "How many alerts fire now.",
			ja: "現在発火しているアラートの数です。",
		},
		noData: noRules,
		values: [
			value("critical", { en: "critical", ja: "重大" }, criticals),
			value("warning", { en: "warning", ja: "警告" }, warnings),
		],
	});
}

/** Marks on all graphs, for as long as alerts fire. */
export function annotationsOf(language: Language) {
	const annotation = (severity: string, name: Text, color: string) =>
		new AnnotationQueryBuilder()
			.name(name[language])
			.datasource(prometheus)
			.enable(true)
			.hide(false)
			.iconColor(color)
			.expr(firing(`severity="${severity}"`))
			.step("60s")
			.titleFormat("{{alertname}}")
			.textFormat("{{component}} {{function}} {{job}}")
			.tagKeys("severity");
	return [
		annotation(
			"critical",
			{ en: "Critical alerts", ja: "重大アラート" },
			"red",
		),
		annotation("warning", { en: "Warnings", ja: "警告アラート" }, "orange"),
	];
}
