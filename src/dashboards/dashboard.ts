import {
	DashboardBuilder,
	DashboardCursorSync,
	type Dashboard as DashboardJson,
	DashboardLinkBuilder,
	DashboardLinkType,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { annotationsOf } from "./alerts.ts";
import type { Panel } from "./panels/about.ts";
import type { Language, Text } from "./text.ts";
import { environment, type Variable, variableFor } from "./variables.ts";

/** By which Grafana finds the dashboards that link to each other. */
const tag = "adult-matching";

export interface Dashboard {
	/** Never changes: Grafana does not take over another from the same file, and alerts link to it. */
	readonly uid: string;
	readonly title: Text;
	readonly description: Text;
	/** Beside that of the environment. */
	readonly variables: readonly Variable[];
	/** From left to right, then from top to bottom. */
	readonly panels: readonly Panel[];
}

/** The dashboard as Grafana reads it. */
export function build(
	{ uid, title, description, variables, panels }: Dashboard,
	language: Language,
): DashboardJson {
	const dashboard = new DashboardBuilder(title[language])
		.uid(uid)
		.description(description[language])
		.tags([tag])
		.readonly()
		.tooltip(DashboardCursorSync.Crosshair)
		.time({ from: "now-1h", to: "now" })
		.timezone("browser")
		.refresh("30s")
		.link(linkToOthers(language))
		.annotations(annotationsOf(language))
		.variables(
			[environment, ...variables].map((variable) =>
				variableFor(variable, language),
			),
		);
	for (const panel of panels) dashboard.withPanel(panel(language));
	return withoutExtras(dashboard.build());
}

/**
 * Takes away what the SDK adds of itself: it would hide links and annotations in a menu, and has variables be intervals too
 * and tables keep a footer where Grafana 13 has none.
 */
function withoutExtras(dashboard: DashboardJson): DashboardJson {
	const { links = [], annotations, templating, panels = [] } = dashboard;
	for (const each of [...links, ...(annotations.list ?? [])]) {
		delete each.placement;
	}
	for (const variable of templating.list ?? []) {
		delete variable.auto;
		delete variable.auto_min;
		delete variable.auto_count;
	}
	for (const panel of panels) {
		if (panel.type === "table") delete panel.options.footer;
	}
	return dashboard;
}

/** Keeps the time and what is chosen. */
function linkToOthers(language: Language): DashboardLinkBuilder {
	return new DashboardLinkBuilder(
		language === "ja" ? "ほかのダッシュボード" : "Other dashboards",
	)
		.type(DashboardLinkType.Dashboards)
		.tags([tag])
		.keepTime(true)
		.includeVars(true);
}
