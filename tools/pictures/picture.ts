import type { DataTransformerConfig, FieldConfigSource } from "@grafana/data";
import type { Series } from "../../test/support/dashboards/ask.ts";

/** What Prometheus answered to one query of a panel. */
export interface Answer {
	readonly panel: number;
	readonly refId: string;
	readonly legend: string;
	readonly format: string;
	/** Whether it is of single requests. */
	readonly ofExemplars: boolean;
	/** Seconds from one sample to the next. */
	readonly step: number;
	readonly series: readonly Series[];
}

/** A panel in a dashboard's JSON. */
export interface Panel {
	readonly id: number;
	readonly type: string;
	readonly title?: string;
	readonly description?: string;
	readonly transparent?: boolean;
	readonly targets?: readonly {
		readonly datasource?: { readonly type?: string };
	}[];
	readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
	readonly options?: Readonly<Record<string, unknown>>;
	readonly fieldConfig?: FieldConfigSource;
	readonly transformations?: DataTransformerConfig[];
}

/** All that a picture is drawn from. */
export interface Picture {
	readonly dashboard: {
		readonly title: string;
		readonly templating: {
			readonly list: readonly {
				readonly name: string;
				readonly label?: string;
			}[];
		};
		readonly panels: readonly Panel[];
	};
	readonly answers: readonly Answer[];
	readonly theme: "dark" | "light";
	/** In milliseconds since 1970. */
	readonly from: number;
	readonly to: number;
}
