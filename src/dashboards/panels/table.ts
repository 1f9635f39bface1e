import {
	TableCellHeight,
	TableSortByFieldStateBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { DynamicConfigValue } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import * as units from "@grafana/grafana-foundation-sdk/units";
import { tempo } from "../data-sources.ts";
import { type Meanings, mappingOf } from "../states.ts";
import type { Language, Text } from "../text.ts";
import { type About, introduce, type Panel } from "./about.ts";
import { asTable, letter } from "./query.ts";

/** A column: of a label that the queries' series have, or of a query's values. */
export type Column = {
	readonly title: Text;
	readonly unit?: string;
	readonly decimals?: number;
	readonly meanings?: Meanings;
	/** Whether a cell is the id of a trace, and leads to it. */
	readonly toTrace?: boolean;
	readonly width?: number;
	/** Whether rows are in the order of this column, and which are first; of words, the smallest is the first by the alphabet. */
	readonly first?: "largest" | "smallest";
} & ({ readonly label: string } | { readonly expr: string });

export interface Table extends About {
	readonly columns: readonly Column[];
}

/** A row a series, at the end of the time that the dashboard shows. */
export function table(options: Table): Panel {
	return (language) => {
		const { columns } = options;
		const panel = introduce(new PanelBuilder(), options, language)
			.unit(units.NoUnit)
			.decimals(0)
			.showHeader(true)
			.cellHeight(TableCellHeight.Sm)
			.sortBy(
				columns
					.filter(({ first }) => first !== undefined)
					.map(({ title, first }) =>
						new TableSortByFieldStateBuilder()
							.displayName(title[language])
							.desc(first === "largest"),
					),
			);
		const exprs = columns.flatMap((column) =>
			"expr" in column ? column.expr : [],
		);
		for (const [index, expr] of exprs.entries()) {
			panel.withTarget(asTable({ expr }, letter(index), language));
		}
		const fields = columns.map((column) =>
			"label" in column
				? column.label
				: fieldOf(exprs.indexOf(column.expr), exprs.length),
		);
		for (const [index, column] of columns.entries()) {
			panel.overrideByName(fields[index] ?? "", look(column, language));
		}
		panel.withTransformation({
			id: "filterFieldsByName",
			options: { include: { names: fields } },
		});
		if (exprs.length > 1) {
			panel.withTransformation({ id: "merge", options: {} });
		}
		return panel.withTransformation({
			id: "organize",
			options: {
				indexByName: Object.fromEntries(
					fields.map((field, index) => [field, index]),
				),
			},
		});
	};
}

/** The field of a query's values; it has a letter where there are several. */
function fieldOf(query: number, queries: number): string {
	return queries > 1 ? `Value #${letter(query)}` : "Value";
}

function look(column: Column, language: Language): DynamicConfigValue[] {
	const { title, unit, decimals, meanings, toTrace, width } = column;
	const properties: DynamicConfigValue[] = [
		{ id: "displayName", value: title[language] },
		// Of a cell; an empty table says why it is.
		{ id: "noValue", value: "–" },
	];
	// A label is no number, even where it has digits only.
	const shown = "label" in column ? "string" : unit;
	if (shown !== undefined) properties.push({ id: "unit", value: shown });
	if (decimals !== undefined) {
		properties.push({ id: "decimals", value: decimals });
	}
	if (width !== undefined) {
		properties.push({ id: "custom.width", value: width });
	}
	if (meanings !== undefined) {
		properties.push(
			{ id: "mappings", value: mappingOf(meanings, language) },
			{ id: "custom.cellOptions", value: { type: "color-text" } },
		);
	}
	if (toTrace) properties.push({ id: "links", value: [linkToTrace(language)] });
	return properties;
}

/** Opens the trace whose id the cell has. */
function linkToTrace(language: Language) {
	const query = { refId: "A", datasource: tempo, queryType: "traceql" };
	const panes = {
		trace: { datasource: tempo.uid, queries: [{ ...query, query: "id" }] },
	};
	const [before, after] = JSON.stringify(panes)
		.split('"id"')
		.map((part) => encodeURIComponent(part));
	return {
		title: language === "ja" ? "トレースを開く" : "Open the trace",
		url: `/explore?schemaVersion=1&panes=${before}%22\${__value.raw}%22${after}`,
	};
}
