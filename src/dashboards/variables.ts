import {
	QueryVariableBuilder,
	VariableRefresh,
	VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { applicationMetrics } from "../metrics/application.ts";
import { edgeMetrics } from "../metrics/edge.ts";
import { prometheus } from "./data-sources.ts";
import { other, series } from "./series.ts";
import type { Language, Text } from "./text.ts";

/** What a reader can choose at the top of a dashboard; `$name` in its queries. */
export interface Variable {
	readonly name: string;
	readonly title: Text;
	/** The series whose values of a label can be chosen, and the label. */
	readonly series: string;
	readonly label: string;
}

export const environment: Variable = {
	name: "environment",
	title: { en: "Environment", ja: "環境" },
	series: other("target_info"),
	label: "deployment_environment_name",
};

export const service: Variable = {
	name: "service",
	title: { en: "Service", ja: "サービス" },
	series: series(applicationMetrics.requests),
	label: "job",
};
export const ofService = 'job=~"$service"';

export const endpoint: Variable = {
	name: "endpoint",
	title: { en: "Endpoint", ja: "エンドポイント" },
	series: series(applicationMetrics.requests, ofService),
	label: "endpoint",
};
export const ofEndpoint = 'endpoint=~"$endpoint"';
/** What the reader chose of the backends' requests. */
export const chosenRequests = [ofService, ofEndpoint];

export const edgeFunction: Variable = {
	name: "function",
	title: { en: "Function", ja: "関数" },
	series: series(edgeMetrics.requests),
	label: "function",
};
export const ofFunction = 'function=~"$function"';

/** One or several can be chosen, or all. */
export function variableFor(
	{ name, title, series, label }: Variable,
	language: Language,
): QueryVariableBuilder {
	const query = `label_values(${series}, ${label})`;
	return (
		new QueryVariableBuilder(name)
			.label(title[language])
			.datasource(prometheus)
			// 1 is the kind "label values".
			.query({ qryType: 1, query, refId: "values" })
			.refresh(VariableRefresh.OnTimeRangeChanged)
			.sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
			.multi(true)
			.includeAll(true)
			// Matches series without the label too.
			.allValue(".*")
			.current({
				selected: true,
				text: [language === "ja" ? "すべて" : "All"],
				value: ["$__all"],
			})
	);
}
