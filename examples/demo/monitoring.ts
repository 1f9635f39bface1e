import type { ConfigInput } from "../../src/config/schema/schema.ts";
import { type Intervals, intervals } from "../backend/intervals.ts";
import { dataFlows } from "./monitoring/data-flows.ts";
import { endpoints, mlEndpoints, type Urls } from "./monitoring/endpoints.ts";
import { flows } from "./monitoring/flows.ts";
import { heartbeats } from "./monitoring/heartbeats.ts";
import { measurements, recommender } from "./monitoring/measurements.ts";

/** What a monitor's configuration says of the demo. */
export type DemoConfig = Required<
	Pick<
		ConfigInput,
		| "endpoints"
		| "ml_endpoints"
		| "data_flow_checks"
		| "flows"
		| "heartbeats"
		| "measurements"
		| "recommender"
	>
>;

/**
 * All of the demo that can be watched, each part with what it can't work without. The monitored database, which the
 * monitor watches by itself, is named `postgres` there.
 * @param jobs how often those jobs run that report to the monitor; null where they report to none
 */
export function demoConfig(
	urls: Urls,
	jobs: Intervals | null = intervals({}),
): DemoConfig {
	return {
		endpoints: endpoints(urls),
		ml_endpoints: mlEndpoints(urls),
		data_flow_checks: dataFlows(urls, jobs !== null),
		flows: flows(urls, jobs !== null),
		heartbeats: jobs ? heartbeats(jobs) : {},
		measurements,
		recommender,
	};
}
