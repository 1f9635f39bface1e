import { applicationMetrics } from "./application.ts";
import { edgeMetrics } from "./edge.ts";
import { flowMetrics } from "./flow.ts";
import { hostMetrics } from "./host.ts";
import { integrationMetrics } from "./integration.ts";
import { measurementMetrics } from "./measurement.ts";
import type { Metric } from "./metric.ts";
import { monitorMetrics } from "./monitor.ts";
import { postgresMetrics } from "./postgres.ts";
import { recommenderMetrics } from "./recommender.ts";

export interface CataloguePart {
	readonly title: string;
	readonly metrics: readonly Metric[];
}

/** Every metric of this project, declared once: instruments, documentation and checks all read it here. */
export const catalogue: readonly CataloguePart[] = [
	{ title: "Host", metrics: Object.values(hostMetrics) },
	{ title: "Postgres", metrics: Object.values(postgresMetrics) },
	{
		title: "Integration",
		metrics: [
			...Object.values(integrationMetrics),
			...Object.values(flowMetrics),
			...Object.values(measurementMetrics),
		],
	},
	{
		title: "Application and ML",
		metrics: [
			...Object.values(applicationMetrics),
			...Object.values(recommenderMetrics),
		],
	},
	{ title: "Edge functions", metrics: Object.values(edgeMetrics) },
	{ title: "The monitor itself", metrics: Object.values(monitorMetrics) },
];
