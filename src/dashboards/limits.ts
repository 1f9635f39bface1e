import { monitorMetrics } from "../metrics/monitor.ts";
import type { Query } from "./panels/query.ts";
import { everywhere, series } from "./series.ts";
import type { Text } from "./text.ts";

type Signal =
	| "cpu"
	| "memory"
	| "disk"
	| "response_time"
	| "error_rate"
	| "uptime";
type Severity = "warning" | "critical";

/** The limits of the configuration, to be drawn beside what they limit. */
export interface Limits {
	readonly warning: Query;
	readonly critical: Query;
}

const names: Readonly<Record<Severity, Text>> = {
	warning: { en: "warning limit", ja: "警告のしきい値" },
	critical: { en: "critical limit", ja: "重大のしきい値" },
};

/**
 * @param beside a query, where which finds nothing, no limits are drawn: else the panel would never be empty, and not say why
 * @param unit what one of the panel's unit is in the signal's own: 1000 where milliseconds are shown as seconds
 */
export function limitsOf(signal: Signal, beside = "", unit = 1): Limits {
	const query = (severity: Severity): Query => ({
		expr: [
			limit(signal, severity),
			unit === 1 ? "" : ` / ${unit}`,
			beside && ` and on () (${beside})`,
		].join(""),
		legend: names[severity],
	});
	return { warning: query("warning"), critical: query("critical") };
}

/**
 * Whether each value of a query is past its limits, by `meaningsOfLevels`.
 * Nothing, if the monitor that has the limits is gone.
 */
export function levelOf(query: string, signal: Signal, unit = 1): string {
	// Of what did not happen there is no percentile: it is not a number, nor within its limits.
	const value = `(${unit === 1 ? query : `${unit} * ${query}`} >= 0)`;
	const past = `${signal === "uptime" ? "<" : ">"} bool on () group_left ()`;
	return `(${value} ${past} ${limit(signal, "warning")}) + (${value} ${past} ${limit(signal, "critical")})`;
}

/** Signals of a machine, which its own monitor's limits are for; alert rules take the strictest of all monitors for the others. */
const ofMachines: readonly Signal[] = ["cpu", "memory", "disk"];

/** The strictest of the limits. */
function limit(signal: Signal, severity: Severity): string {
	const matchers = [`signal="${signal}"`, `severity="${severity}"`];
	const strictest = signal === "uptime" ? "max" : "min";
	const limits = ofMachines.includes(signal) ? series : everywhere;
	return `${strictest}(${limits(monitorMetrics.alertThreshold, ...matchers)})`;
}
