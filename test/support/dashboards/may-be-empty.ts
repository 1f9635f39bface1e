/** Reasons, by dashboard, then by the panel's id and the query's letter. */
export type Reasons = Readonly<
	Record<string, Readonly<Record<string, string>>>
>;

/** Queries that have nothing to show on the demo. */
export const emptyOnTheDemo: Reasons = {
	database: { "9 B": "the monitored server is no standby" },
	integration: { "14 A": "no component of the demo is asked over HTTPS" },
	performance: { "13 B": "compares with more than an hour ago" },
	pipeline: {
		"11 B": "no notification fails where there is nobody to notify",
		"15 A": "the demo has few label values",
	},
};

const alerts = "an alert fires";
const failures = "something was lost";

/** Queries that have something to show only when something is wrong, which a busy machine may bring. */
export const emptyWhileAllIsWell: Reasons = {
	database: { "2 A": alerts },
	"edge-functions": { "3 A": alerts, "11 A": failures },
	integration: { "3 A": alerts, "5 A": "a component is not well" },
	performance: { "3 A": alerts },
	pipeline: {
		"3 A": alerts,
		"10 A": "a rule fails",
	},
	"system-overview": { "3 A": alerts },
};

export function reasonIn(
	reasons: Reasons,
	query: {
		readonly dashboard: string;
		readonly panel: number;
		readonly refId: string;
	},
): string | undefined {
	return reasons[query.dashboard]?.[`${query.panel} ${query.refId}`];
}
