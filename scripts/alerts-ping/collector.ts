import { parseKeyPairsIntoRecord } from "@opentelemetry/core";

const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS } = process.env;
export const collector = OTEL_EXPORTER_OTLP_ENDPOINT || "http://localhost:4318";

/**
 * Sends one value of the metric that the rule AlertPing looks at: 1 while a test goes on, 0 when it is over.
 * @throws Error if the collector does not take it
 */
export async function sendPing(ping: string, value: 0 | 1): Promise<void> {
	const url = `${collector.replace(/\/$/, "")}/v1/metrics`;
	const response = await fetch(url, {
		method: "POST",
		headers: {
			"content-type": "application/json",
			...parseKeyPairsIntoRecord(OTEL_EXPORTER_OTLP_HEADERS),
		},
		body: JSON.stringify(request(ping, value)),
		signal: AbortSignal.timeout(10_000),
	});
	await response.body?.cancel();
	if (!response.ok) throw new Error(`it answered ${response.status}`);
}

function request(ping: string, value: number) {
	const text = (key: string, stringValue: string) => ({
		key,
		value: { stringValue },
	});
	const point = {
		attributes: [text("ping", ping)],
		timeUnixNano: `${Date.now()}000000`,
		asDouble: value,
	};
	const metric = {
		name: "adult_matching_alert_ping",
		gauge: { dataPoints: [point] },
	};
	const resource = { attributes: [text("service.name", "alert-ping")] };
	return {
		resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }],
	};
}
