import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const ruleFolder = join(root, "prometheus/rules");
export const testFolder = join(root, "prometheus/tests");
export const runbookFolder = join(root, "docs/runbooks");

const words = z.record(z.string(), z.string());
const alertRule = z.strictObject({
	alert: z.string(),
	expr: z.string(),
	for: z.string().optional(),
	keep_firing_for: z.string().optional(),
	labels: words,
	annotations: words,
});
const recordingRule = z.strictObject({ record: z.string(), expr: z.string() });
const ruleFile = z.strictObject({
	groups: z.array(
		z.strictObject({
			name: z.string(),
			interval: z.string().optional(),
			rules: z.array(z.union([alertRule, recordingRule])),
		}),
	),
});

const testFile = z.strictObject({
	rule_files: z.array(z.string()),
	evaluation_interval: z.string(),
	tests: z.array(
		z.strictObject({
			name: z.string(),
			interval: z.string(),
			input_series: z
				.array(z.strictObject({ series: z.string(), values: z.string() }))
				.optional(),
			promql_expr_test: z.array(
				z.strictObject({
					expr: z.string(),
					eval_time: z.string(),
					exp_samples: z.array(
						z.strictObject({ labels: z.string(), value: z.literal(1) }),
					),
				}),
			),
		}),
	),
});

export type Alert = z.infer<typeof alertRule> & { readonly file: string };
export type RecordingRule = z.infer<typeof recordingRule>;
export type ProofFile = z.infer<typeof testFile> & { readonly file: string };
export type Proof = ProofFile["tests"][number];

function read<Schema extends z.ZodType>(
	folder: string,
	files: readonly string[],
	schema: Schema,
): { file: string; content: z.infer<Schema> }[] {
	return files.map((file) => ({
		file,
		content: schema.parse(parse(readFileSync(join(folder, file), "utf8"))),
	}));
}

export const ruleFiles = read(
	ruleFolder,
	readdirSync(ruleFolder).toSorted(),
	ruleFile,
);

const rules = ruleFiles.flatMap(({ file, content }) =>
	content.groups
		.flatMap((group) => group.rules)
		.map((rule) => ({ ...rule, file })),
);

/** Every alerting rule, in the order of the files. */
export const alerts: readonly Alert[] = rules.filter((rule) => "alert" in rule);

export const recordingRules: readonly RecordingRule[] = rules.filter(
	(rule) => "record" in rule,
);

export const alertNames = [...new Set(alerts.map(({ alert }) => alert))];

/** The files of rules that have alerts, and not only what graphs read. */
export const alertFiles = [...new Set(alerts.map(({ file }) => file))];

/** The files of `promtool test rules`. */
export const testFiles: readonly string[] = readdirSync(testFolder).toSorted();

/** Those of alerts. */
export const proofFiles: readonly ProofFile[] = read(
	testFolder,
	testFiles.filter((file) => alertFiles.includes(file)),
	testFile,
).map(({ file, content }) => ({ ...content, file }));

export const proofs: readonly Proof[] = proofFiles.flatMap(
	({ tests }) => tests,
);

/** The alert that a proof is of: its name begins with it. */
export function alertOf({ name }: Proof): string {
	return name.split(":")[0] ?? "";
}

/** A rule in a few words, for messages of tests. */
export function titleOf({ alert, labels }: Alert): string {
	return [alert, labels.severity, labels.source].filter(Boolean).join(" ");
}
