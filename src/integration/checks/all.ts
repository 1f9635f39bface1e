import type { StepConfig } from "../../config/schema/flow.ts";
import type { Config } from "../../config/schema/schema.ts";
import type { Check } from "../check.ts";
import { databaseName, groupOfEndpoint } from "../components.ts";
import type { Mask } from "../excerpt.ts";
import type { SqlReader } from "../flow/dependencies.ts";
import { createFlow } from "../flow/flow.ts";
import { createProbe } from "../probe.ts";
import type { Resources } from "../resources.ts";
import { createSourceReader } from "../values/source-reader.ts";
import { readSqlText } from "../values/sql-text.ts";
import { createDataFlowCheck } from "./data-flow.ts";
import { createDatabaseCheck } from "./database.ts";
import { createHeartbeatCheck } from "./heartbeat.ts";

/** Seconds that the database has to say that it is there. */
const answerLimit = 5;

interface CheckConfig {
	readonly interval?: number | undefined;
	readonly depends_on?: readonly string[];
	readonly failures_before_unhealthy?: number | undefined;
	readonly successes_before_healthy?: number | undefined;
}

/**
 * Every check that a configuration asks for.
 * @param mask takes configured secrets out of a text
 */
export function createChecks(
	config: Config,
	resources: Resources,
	mask: Mask,
): Check[] {
	return [
		...databaseChecks(config, resources),
		...probes(config, mask),
		...dataFlows(config, resources),
		...flows(config, resources, mask),
		...heartbeats(config, resources),
	];
}

/** What all checks have in common: their own settings, or those of all. */
function common(config: Config, check: CheckConfig) {
	return {
		interval: check.interval ?? config.check_interval,
		failuresBeforeUnhealthy:
			check.failures_before_unhealthy ?? config.failures_before_unhealthy,
		successesBeforeHealthy:
			check.successes_before_healthy ?? config.successes_before_healthy,
	};
}

function databaseChecks(config: Config, { ownDatabase }: Resources): Check[] {
	if (!ownDatabase) return [];
	const ask = async (signal: AbortSignal) => {
		const options = { timeout: answerLimit, signal, maxRows: 1 };
		return (await ownDatabase.read("SELECT 1", options)).clockSkew;
	};
	return [createDatabaseCheck({ ...common(config, {}), ask })];
}

function probes(config: Config, mask: Mask): Check[] {
	const { endpoints, ml_endpoints } = config;
	return [
		...Object.entries(endpoints).map(([name, probe]) =>
			createProbe({
				...common(config, probe),
				group: groupOfEndpoint(probe.url),
				name,
				config: probe,
				mask,
			}),
		),
		...Object.entries(ml_endpoints).map(([name, probe]) =>
			createProbe({
				...common(config, probe),
				group: "ml_pipeline",
				name,
				config: probe,
				mask,
			}),
		),
	];
}

function dataFlows(config: Config, { sources }: Resources): Check[] {
	return Object.entries(config.data_flow_checks).map(([name, flow]) => {
		if (!("timeout" in flow)) {
			return createDataFlowCheck({
				...common(config, {}),
				name,
				dependsOn: [],
				config: flow,
				read: undefined,
			});
		}
		const isReadable = flow.sql === undefined || sources.database !== undefined;
		return createDataFlowCheck({
			...common(config, flow),
			name,
			dependsOn: withDatabase(flow.depends_on, flow.sql !== undefined),
			after: flow.after,
			// What comes in then may be as old as anything else.
			catchUp: flow.max_age,
			config: flow,
			read: isReadable ? createSourceReader(name, flow, sources) : undefined,
		});
	});
}

function flows(config: Config, { sources }: Resources, mask: Mask): Check[] {
	return Object.entries(config.flows).map(([name, flow]) => {
		const asksDatabase = [...flow.steps, ...flow.cleanup].some(hasSql);
		const check = createFlow({
			...common(config, flow),
			name,
			config: flow,
			mask,
			request: sources.request,
			database: sqlReader(sources.database),
		});
		return {
			...check,
			dependsOn: withDatabase(flow.depends_on, asksDatabase),
		};
	});
}

function heartbeats(config: Config, { heartbeats }: Resources): Check[] {
	const { interval } = common(config, {});
	return Object.entries(config.heartbeats).map(([name, heartbeat]) =>
		createHeartbeatCheck(name, heartbeat, heartbeats, interval),
	);
}

function hasSql({ sql }: StepConfig): boolean {
	return sql !== undefined;
}

/** What asks the database can't work without it, and need not say so. */
function withDatabase(names: readonly string[], asks: boolean): string[] {
	return [...new Set([...names, ...(asks ? [databaseName] : [])])];
}

function sqlReader(
	database: Resources["sources"]["database"],
): SqlReader | undefined {
	return database && ((sql, options) => readSqlText(database, sql, options));
}
