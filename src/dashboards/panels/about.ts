import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
	MappingType,
	type Panel as PanelJson,
	SpecialValueMatch,
	type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Language, Text } from "../text.ts";

/** What every panel tells of itself. */
export interface About {
	/** Never changes and is never given again: links lead to it. */
	readonly id: number;
	readonly title: Text;
	/** What it shows, and how to read it. */
	readonly description: Text;
	/** Stands in the place of an empty panel: why nothing may be there, and what to do. */
	readonly noData: Text;
	/** In 24ths of the dashboard's width. */
	readonly width: number;
	readonly height: number;
	/** Whether it shows what the rules record each minute: its points are a minute apart or more. */
	readonly recorded?: boolean;
}

/** A panel, made for a language. */
export type Panel = (language: Language) => Builder<PanelJson>;

/** What all of the SDK's builders of panels have in common. */
interface PanelBuilder {
	id(id: number): this;
	title(title: string): this;
	description(description: string): this;
	noValue(text: string): this;
	mappings(mappings: ValueMapping[]): this;
	span(width: number): this;
	height(height: number): this;
	interval(interval: string): this;
}

/** A quantile or share of nothing. */
const notANumber: ValueMapping = {
	type: MappingType.SpecialValue,
	options: { match: SpecialValueMatch.NotANumber, result: { text: "–" } },
};

/** Gives a panel what it tells of itself. */
export function introduce<Builder extends PanelBuilder>(
	builder: Builder,
	about: About,
	language: Language,
): Builder {
	// Of the panel: one of a query is taken by some versions of Grafana for its step at any range.
	if (about.recorded) builder.interval("1m");
	return builder
		.id(about.id)
		.title(about.title[language])
		.description(about.description[language])
		.noValue(about.noData[language])
		.mappings([notANumber])
		.span(about.width)
		.height(about.height);
}
