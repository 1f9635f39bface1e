import { z } from "zod";
import { variables } from "../../src/config/environment.ts";
import { schema } from "../../src/config/schema.ts";
import { generated, table } from "./table.ts";

const jsonSchema = z.toJSONSchema(schema, { io: "input" });

/** monitoring.schema.json: what an editor needs to complete and check a configuration file. */
export function editorSchema(): string {
	return `${JSON.stringify({ title: "monitoring.yaml", ...jsonSchema }, null, "\t")}\n`;
}

/** docs/configuration.md: every key and every variable. */
export function configurationPage(): string {
	return `${generated}

# Configuration

The file is the one that \`--config\` names, else that of \`MONITORING_CONFIG\`, else \`monitoring.yaml\`, \`monitoring.yml\` or
\`monitoring.json\` in the current folder. In code, \`createUnifiedMonitor\` and its kin take the same keys. Every key may be left out.
\`npm run check\` validates it and prints what is in effect.

For completion and checks in an editor, begin the file with
\`# yaml-language-server: $schema=./monitoring.schema.json\`.

A secret does not belong in the file: \`\${env:NAME}\` anywhere in a value stands for the variable \`NAME\`, or for the content of the
file that \`NAME_FILE\` names.

## Keys

${table(["Key", "Type", "Default", "Meaning"], rows(jsonSchema, ""))}

## Environment

${table(["Variable", "Meaning"], variables.map(variableRow))}

Each secret can also come from a file: \`DATABASE_URL_FILE\`, \`METRICS_TOKEN_FILE\`.

The standard \`OTEL_*\` variables hold: the endpoint, protocol (\`http/protobuf\`, \`http/json\`, \`grpc\`), headers and certificates of the
exporters, samplers, propagators, limits, batching and resource attributes. Metrics and traces are sent once
\`OTEL_EXPORTER_OTLP_ENDPOINT\` (or that of the signal) is set, or an exporter is named by \`OTEL_METRICS_EXPORTER\` or
\`OTEL_TRACES_EXPORTER\`. Differences from the standard: metrics are sent every \`collection_interval\` unless
\`OTEL_METRIC_EXPORT_INTERVAL\` says, an export has 3 s unless \`OTEL_EXPORTER_OTLP_TIMEOUT\` says, and \`OTEL_CONFIG_FILE\` is not read.
`;
}

type Node = z.core.JSONSchema.BaseSchema;

function rows(node: Node, prefix: string): string[][] {
	return Object.entries(node.properties ?? {}).flatMap(([key, property]) => {
		if (typeof property === "boolean") return [];
		const name = `${prefix}${key}`;
		if (property.properties) return rows(property, `${name}.`);
		return [
			[
				`\`${name}\``,
				typeOf(property),
				`\`${JSON.stringify(property.default)}\``,
				property.description ?? "",
			],
		];
	});
}

function typeOf(node: Node): string {
	if (node.enum) return node.enum.map((value) => `\`${value}\``).join(", ");
	const { additionalProperties: values } = node;
	if (typeof values === "object") return `name → ${typeOf(values)}`;
	if (node.type === "number" || node.type === "integer") {
		return `${node.type}, ${node.minimum} to ${node.maximum}`;
	}
	return node.format === "uri" ? "URL" : String(node.type);
}

function variableRow(variable: (typeof variables)[number]): string[] {
	const secret = "secret" in variable ? " Secret." : "";
	return [`\`${variable.name}\``, `${variable.description}${secret}`];
}
