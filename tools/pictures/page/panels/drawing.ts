import type {
	DataFrame,
	FieldConfigSource,
	GrafanaTheme2,
	TimeRange,
} from "@grafana/data";
import type { ReactNode } from "react";

/** What a panel is drawn from: options as the JSON has them, and frames with its field configuration applied. */
export interface Drawing {
	readonly width: number;
	readonly height: number;
	readonly frames: DataFrame[];
	readonly options: Readonly<Record<string, unknown>>;
	readonly fieldConfig: FieldConfigSource;
	readonly timeRange: TimeRange;
	readonly theme: GrafanaTheme2;
}

export type DrawPanel = (drawing: Drawing) => ReactNode;
