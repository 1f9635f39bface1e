import type {
	AnnotationQuery,
	Dashboard,
	DataSourceRef,
	FieldConfigSource,
	Panel,
} from "@grafana/schema";
import type * as heatmap from "@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen";
import type * as nodeGraph from "@grafana/schema/dist/esm/raw/composable/nodegraph/panelcfg/x/NodeGraphPanelCfg_types.gen";
import type * as stat from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type * as stateTimeline from "@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";
import type * as table from "@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen";
import type { TempoQuery } from "@grafana/schema/dist/esm/raw/composable/tempo/dataquery/x/TempoDataQuery_types.gen";
import type * as timeSeries from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

/** What JSON has in the place of an enumeration: its values. */
type Plain<T> = T extends string
	? `${T}`
	: T extends number | boolean | null | undefined
		? T
		: { [Key in keyof T]: Plain<T[Key]> };

/** A panel of a plugin, with the plugin's own options. */
type PanelOf<Type extends string, Options, Field> = Omit<
	Panel,
	"type" | "options" | "fieldConfig" | "targets"
> & {
	type: Type;
	options: Partial<Options>;
	fieldConfig: Omit<FieldConfigSource, "defaults"> & {
		defaults: Omit<FieldConfigSource["defaults"], "custom"> & {
			custom?: Partial<Field>;
		};
	};
	targets: (PrometheusQuery | TempoQuery)[];
};

/** The schema package has no query of Prometheus: as Grafana's documentation of its JSON has it. */
interface PrometheusQuery {
	refId: string;
	datasource: DataSourceRef;
	expr: string;
	editorMode: "code";
	legendFormat: string;
	instant: boolean;
	range: boolean;
	exemplar?: boolean;
	format?: "table" | "heatmap";
}

/** Of an annotation that Prometheus tells. */
interface PrometheusAnnotation {
	expr: string;
	step: string;
	titleFormat: string;
	textFormat: string;
	tagKeys: string;
}

/** A dashboard of this project, by Grafana's own types: every key has to be known to them. */
export type KnownDashboard = Plain<
	Omit<Dashboard, "panels" | "annotations"> & {
		annotations: { list: (AnnotationQuery & PrometheusAnnotation)[] };
		panels: (
			| PanelOf<"heatmap", heatmap.Options, heatmap.FieldConfig>
			| PanelOf<"nodeGraph", nodeGraph.Options, Record<never, never>>
			| PanelOf<"stat", stat.Options, Record<never, never>>
			| PanelOf<
					"state-timeline",
					stateTimeline.Options,
					stateTimeline.FieldConfig
			  >
			| PanelOf<"table", table.Options, table.FieldConfig>
			| PanelOf<"timeseries", timeSeries.Options, timeSeries.FieldConfig>
		)[];
	}
>;
