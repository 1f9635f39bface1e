import {
	DataqueryBuilder,
	PromQueryFormat,
	QueryEditorMode,
} from "@grafana/grafana-foundation-sdk/prometheus";
import { prometheus } from "../data-sources.ts";
import type { Language, Text } from "../text.ts";

/** A question to Prometheus. */
export interface Query {
	/** PromQL. */
	readonly expr: string;
	/** What a series is called: a text, or labels in double braces. */
	readonly legend?: Text | string;
}

/** Over the time that the dashboard shows. */
export function overTime(
	query: Query,
	refId: string,
	language: Language,
): DataqueryBuilder {
	return ask(query, refId, language).range();
}

/**
 * Single requests that lead to their traces, of selected buckets. Where such a query looks is all that counts for them; nothing is
 * stored at 1970, so that it need not read the buckets themselves. It has to be its panel's first: Grafana leaves it out
 * where a query before it names the same metric.
 */
export function singleRequests(
	buckets: string,
	language: Language,
): DataqueryBuilder {
	const legend = { en: "single requests", ja: "個々のリクエスト" };
	const query = { expr: `${buckets} @ 0`, legend };
	return overTime(query, "exemplars", language).exemplar(true);
}

/** At its end alone. */
export function atTheEnd(
	query: Query,
	refId: string,
	language: Language,
): DataqueryBuilder {
	return ask(query, refId, language).instant();
}

/** At its end alone, a row a series with a column a label. */
export function asTable(
	query: Query,
	refId: string,
	language: Language,
): DataqueryBuilder {
	return atTheEnd(query, refId, language).format(PromQueryFormat.Table);
}

/** How Grafana names the queries of a panel: A, B, C… */
export function letter(index: number): string {
	return String.fromCharCode("A".charCodeAt(0) + index);
}

function ask(
	{ expr, legend = "" }: Query,
	refId: string,
	language: Language,
): DataqueryBuilder {
	return new DataqueryBuilder()
		.refId(refId)
		.datasource(prometheus)
		.editorMode(QueryEditorMode.Code)
		.expr(expr)
		.legendFormat(typeof legend === "string" ? legend : legend[language]);
}
