import { z } from "zod";
import { variables } from "../../src/config/environment.ts";
import { schema } from "../../src/config/schema/schema.ts";
import { generated, table } from "./table.ts";

const jsonSchema = z.toJSONSchema(schema, { io: "input" });

const sections = {
	probe: "What an endpoint may be told beside its URL.",
	request: "A request of a flow, a data flow or a measurement.",
	assertion:
		"One condition on an answer: on what `json` or `header` names, or on the body where neither is given.",
	data_flow:
		"A stage of a chain: where its age is read, by `sql`, or by `request` and `json`, and how old it may be.",
	flow: "An end-to-end flow, as one trace.",
	step: "A step of a flow: a `request`, or `sql` with what is to `expect` of it.",
	heartbeat:
		"A job that reports by `POST /heartbeats/<name>?state=start|ok|fail&duration=<seconds>`.",
	measurement:
		"A gauge without code: its name behind the namespace is the key.",
	value: "A part of the recommender's pack that is one value.",
	numbers: "A part of the recommender's pack that is made of many numbers.",
};

const fileVariables = variables
	.filter((variable) => "secret" in variable)
	.map(({ name }) => `\`${name}_FILE\``)
	.join(", ");

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

${keys(jsonSchema)}

${Object.entries(sections)
	.map(([id, about]) => section(id, about))
	.join("\n\n")}

## Environment

${table(["Variable", "Meaning"], variables.map(variableRow))}

Each secret can also come from a file: ${fileVariables}.

The standard \`OTEL_*\` variables hold: the endpoint, protocol (\`http/protobuf\`, \`http/json\`, \`grpc\`), headers and certificates of the
exporters, samplers, propagators, limits, batching and resource attributes. Metrics and traces are sent once
\`OTEL_EXPORTER_OTLP_ENDPOINT\` (or that of the signal) is set, or an exporter is named by \`OTEL_METRICS_EXPORTER\` or
\`OTEL_TRACES_EXPORTER\`. Differences from the standard: metrics are sent every \`collection_interval\` unless
\`OTEL_METRIC_EXPORT_INTERVAL\` says, an export has 3 s unless \`OTEL_EXPORTER_OTLP_TIMEOUT\` says, and \`OTEL_CONFIG_FILE\` is not read.
`;
}

type Node = z.core.JSONSchema.BaseSchema;

function keys(node: Node): string {
	return table(["Key", "Type", "Default", "Meaning"], rows(node, ""));
}

/** What is said of the kinds of values that have keys of their own. */
function section(id: string, about: string): string {
	const node = jsonSchema.$defs?.[id];
	if (!node) throw new Error(`the schema has no ${id}`);
	return `### \`${id}\`\n\n${about}\n\n${keys(node)}`;
}

function rows(node: Node, prefix: string): string[][] {
	return Object.entries(node.properties ?? {}).flatMap(([key, property]) => {
		if (typeof property === "boolean") return [];
		const name = `${prefix}${key}`;
		if (property.properties) return rows(property, `${name}.`);
		const needed = node.required?.includes(key) ? "needed" : "";
		const { default: value } = property;
		return [
			[
				`\`${name}\``,
				typeOf(property),
				value === undefined ? needed : `\`${JSON.stringify(value)}\``,
				property.description ?? "",
			],
		];
	});
}

function typeOf(node: Node | boolean): string {
	if (typeof node === "boolean") return "anything";
	if (node.$ref) return refType(node.$ref);
	if (node.enum) return node.enum.map((value) => `\`${value}\``).join(", ");
	if (node.const !== undefined) return `\`${node.const}\``;
	if (node.anyOf) return [...new Set(node.anyOf.map(typeOf))].join(" or ");
	const { additionalProperties: values, items } = node;
	if (typeof values === "object") return `name → ${typeOf(values)}`;
	if (node.type === "array" && items && !Array.isArray(items)) {
		return `list of ${typeOf(items)}`;
	}
	if (node.type === "number" || node.type === "integer") {
		return node.minimum === undefined
			? node.type
			: `${node.type}, ${node.minimum} to ${node.maximum}`;
	}
	return node.type === undefined ? "anything" : [node.type].flat().join(" or ");
}

function refType(ref: string): string {
	const id = ref.replace("#/$defs/", "");
	// Anything in JSON; zod has no better name for it.
	return id.startsWith("__") ? "JSON" : `[\`${id}\`](#${id})`;
}

function variableRow(variable: (typeof variables)[number]): string[] {
	const secret = "secret" in variable ? " Secret." : "";
	return [`\`${variable.name}\``, `${variable.description}${secret}`];
}
