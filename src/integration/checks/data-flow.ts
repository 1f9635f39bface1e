import type { DataFlowConfig } from "../../config/schema/data-flow.ts";
import { integrationMetrics } from "../../metrics/integration.ts";
import { gauge, type Reading } from "../../metrics/metric.ts";
import type { Check, CheckResult } from "../check.ts";
import {
	type Freshness,
	judgeFreshness,
	unreadable,
} from "../data-flows/freshness.ts";
import type { SourceReader } from "../values/source-reader.ts";

export type DataFlowCheckOptions = Omit<Check, "group" | "run"> & {
	readonly config: DataFlowConfig;
	/** Reads the age; undefined where the configuration says none, or there is no database. */
	readonly read: SourceReader | undefined;
};

/** Looks how old the newest data of a flow is. */
export function createDataFlowCheck(options: DataFlowCheckOptions): Check {
	const { config, read, ...check } = options;
	const limit = gauge(integrationMetrics.dataFlowMaxAge, config.max_age, {
		flow: check.name,
	});
	const run = async (signal: AbortSignal): Promise<CheckResult> => {
		if (!read) return nothingToRead(config, [limit]);
		const reading = await read(signal);
		const { outcome, duration, traceId } = reading;
		const freshness =
			outcome.kind === "value"
				? judgeFreshness(outcome.value, config.max_age)
				: unreadable(outcome.reason);
		return {
			verdict: freshness.verdict,
			duration,
			traceId,
			condition: freshness.condition,
			readings: [limit, ...ageReading(check.name, freshness)],
		};
	};
	return { ...check, group: "data_flows", run };
}

function nothingToRead(
	config: DataFlowConfig,
	readings: Reading[],
): CheckResult {
	const reason =
		"sql" in config && config.sql !== undefined
			? "there is no database to read its age from: set DATABASE_URL"
			: "nothing says where its age can be read: give it sql, or request and json";
	return { verdict: { state: "unknown", reason }, duration: 0, readings };
}

function ageReading(flow: string, { age }: Freshness): Reading[] {
	if (age === undefined) return [];
	return [gauge(integrationMetrics.dataFlowAge, Math.max(0, age), { flow })];
}
