import type { Metric } from "../metrics/metric.ts";
import type { otherMetrics } from "./other-metrics.ts";

type Single = Metric & { readonly kind: "gauge" | "counter" };
type Histogram = Metric & { readonly kind: "histogram" };

/** The variable that every dashboard has. "All" is `.*`, which series without the label match too. */
export const ofEnvironment = 'deployment_environment_name=~"$environment"';

/** The series of a gauge or counter that the reader chose, by the variable of the environment and these matchers. */
export function series(metric: Single, ...matchers: string[]): string {
	return selector(`adult_matching_${metric.name}`, matchers);
}

/** The same, whatever environment is chosen. */
export function everywhere(metric: Single, ...matchers: string[]): string {
	return `adult_matching_${metric.name}{${matchers.join(",")}}`;
}

/** The buckets of a histogram. */
export function buckets(metric: Histogram, ...matchers: string[]): string {
	return selector(`adult_matching_${metric.name}_bucket`, matchers);
}

/** How often a histogram was added to. */
export function count(metric: Histogram, ...matchers: string[]): string {
	return selector(`adult_matching_${metric.name}_count`, matchers);
}

/** The sum of what a histogram was given. */
export function sum(metric: Histogram, ...matchers: string[]): string {
	return selector(`adult_matching_${metric.name}_sum`, matchers);
}

/** The series of another program: those have no environment, unless a matcher says so. */
export function other(
	name: keyof typeof otherMetrics,
	...matchers: string[]
): string {
	return matchers.length === 0 ? name : `${name}{${matchers.join(",")}}`;
}

/** The series of a name that the reader chose, by the variable of the environment and these matchers. */
export function selector(name: string, matchers: readonly string[]): string {
	return `${name}{${[ofEnvironment, ...matchers].join(",")}}`;
}

/**
 * What selected samples were within each point of a graph: at long ranges a point stands for many, and what was short is seen by
 * the largest or smallest of them alone.
 */
export function within(what: "avg" | "max" | "min", selected: string): string {
	return `${what}_over_time(${selected}[$__rate_interval])`;
}

/** The largest that a count over some minutes came to within each point. */
export function most(count: string): string {
	return `max_over_time(${count}[$__rate_interval:1m])`;
}

/** The 20 largest at each moment: what users name can be many, and a browser draws a few lines well. */
export function top20(query: string): string {
	return `topk(20, ${query})`;
}
