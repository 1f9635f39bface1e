import type { ProbeConfig } from "../config/schema/probe.ts";
import { integrationMetrics } from "../metrics/integration.ts";
import { gauge, type Labels } from "../metrics/metric.ts";
import type { Check, CheckResult, Sample } from "./check.ts";
import type { Group } from "./components.ts";
import type { Mask } from "./excerpt.ts";
import { type HttpResult, phases } from "./http/exchange.ts";
import { requestOptions } from "./http/request-options.ts";
import { tracedRequest } from "./http/traced-request.ts";
import { judgeProbe } from "./judge.ts";

export interface ProbeOptions {
	readonly group: Group;
	readonly name: string;
	readonly config: ProbeConfig;
	/** Seconds between two probes. */
	readonly interval: number;
	readonly failuresBeforeUnhealthy: number;
	readonly successesBeforeHealthy: number;
	/** Takes configured secrets out of what is shown of an answer. */
	readonly mask: Mask;
}

/** Asks a component, each time in a trace of its own that the component can continue. */
export function createProbe({ config, mask, ...options }: ProbeOptions): Check {
	const { group, name } = options;
	const kind = group === "ml_pipeline" ? "ml" : "plain";
	const request = { ...requestOptions(config), service: name };
	const labels = { group, component: name };
	return {
		...options,
		dependsOn: config.depends_on,
		async run(signal): Promise<CheckResult> {
			const { result, traceId } = await tracedRequest(
				`probe ${name}`,
				request,
				undefined,
				signal,
			);
			return {
				verdict: judgeProbe(kind, config, result, mask),
				duration: result.duration,
				traceId,
				readings: expiryOf(result, labels),
				samples: samplesOf(result, labels),
			};
		},
	};
}

function expiryOf({ certificateExpiry }: HttpResult, labels: Labels) {
	return certificateExpiry === undefined
		? []
		: [gauge(integrationMetrics.certificateExpiry, certificateExpiry, labels)];
}

function samplesOf(result: HttpResult, labels: Labels): Sample[] {
	const { probeDuration, probePhaseDuration } = integrationMetrics;
	return [
		{ metric: probeDuration, value: result.duration, labels },
		...phases.flatMap((phase) => {
			const value = result.phases[phase];
			return value === undefined
				? []
				: [{ metric: probePhaseDuration, value, labels: { ...labels, phase } }];
		}),
	];
}
