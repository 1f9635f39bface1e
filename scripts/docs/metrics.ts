import { catalogue } from "../../src/metrics/catalogue.ts";
import type { LabelBound, Metric } from "../../src/metrics/metric.ts";
import { generated, table } from "./table.ts";

/** docs/metrics.md: every metric of the catalogue. */
export function metricsPage(): string {
	const parts = catalogue.map(
		({ title, metrics }) =>
			`## ${title}\n\n${table(["Metric", "Kind", "Unit", "Meaning", "Labels"], metrics.map(row))}`,
	);
	return `${generated}

# Metrics

These names are the same on \`/metrics\` and, by way of the OpenTelemetry Collector, in Prometheus.
They begin with \`metric_namespace\`, which is \`adult_matching\` unless the configuration says otherwise.
A label value that is unknown, or one too many, becomes \`other\`; \`adult_matching_labels_folded_total\` counts those.
A series whose reading fails goes away, and \`adult_matching_collector_errors_total\` rises.

Beside them stand OpenTelemetry's own \`system.*\` and \`process.*\` (by \`@opentelemetry/instrumentation-host-metrics\`),
\`nodejs.*\` and \`v8js.*\` (by \`@opentelemetry/instrumentation-runtime-node\`) and \`db.client.*\` (by \`@opentelemetry/instrumentation-pg\`).

${parts.join("\n\n")}
`;
}

function row({ name, kind, unit, help, labels, buckets }: Metric): string[] {
	const limits = buckets ? ` Buckets: ${buckets.join(", ")}.` : "";
	const bounds = Object.entries(labels ?? {}).map(
		([label, bound]) => `\`${label}\`: ${described(bound)}`,
	);
	return [
		`\`adult_matching_${name}\``,
		kind,
		`\`${unit}\``,
		`${help}.${limits}`,
		bounds.join("; ") || "none",
	];
}

function described(bound: LabelBound): string {
	return "atMost" in bound ? `at most ${bound.atMost}` : bound.join(", ");
}
