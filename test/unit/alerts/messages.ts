import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { alertOf, type ProofFile, ruleFolder } from "./alert-files.ts";

export interface Message {
	readonly alertname: string;
	readonly summary: string;
	readonly summary_ja: string;
	readonly description: string;
	readonly description_ja: string;
	readonly dashboard_url: string;
}

/**
 * The messages of the alerts that fire in a file of tests, as Prometheus makes them.
 *
 * promtool shows them where a test expects none: so each that is to fire is expected not to.
 * @param run runs promtool
 */
export function messagesOf(
	{ file, tests }: ProofFile,
	folder: string,
	run: (...args: string[]) => { output: string },
): Message[] {
	const path = join(folder, file);
	writeFileSync(
		path,
		stringify({
			rule_files: [join(ruleFolder, file)],
			evaluation_interval: "1m",
			tests: tests
				.filter(({ promql_expr_test: checks }) =>
					checks.some(({ exp_samples }) => exp_samples.length > 0),
				)
				.map(({ promql_expr_test: checks, input_series = [], ...test }) => ({
					...test,
					input_series: input_series.map(({ series, values }) => ({
						series: inDeployment(series),
						values,
					})),
					alert_rule_test: checks
						.filter(({ exp_samples }) => exp_samples.length > 0)
						.map(({ eval_time }) => ({
							eval_time,
							alertname: alertOf({ ...test, promql_expr_test: [] }),
							exp_alerts: [],
						})),
				})),
		}),
	);
	const { output } = run("test", "rules", path);
	const found = output.matchAll(/Labels:\{(.*)\}\s+Annotations:\{(.*)\}/g);
	return [...found].map(([, labels = "", annotations = ""]) => ({
		alertname: labelIn("alertname", labels),
		summary: labelIn("summary", annotations),
		summary_ja: labelIn("summary_ja", annotations),
		description: labelIn("description", annotations),
		description_ja: labelIn("description_ja", annotations),
		dashboard_url: labelIn("dashboard_url", annotations),
	}));
}

/** A series as a deployment with a name sends it: a link without the name then shows that the rule drops it. */
function inDeployment(series: string): string {
	return series.includes("deployment_environment_name")
		? series
		: series.replace(
				/^adult_matching_\w+\{/,
				'$&deployment_environment_name="production",',
			);
}

/** The value of a label, as Go quotes it, which JSON understands. */
function labelIn(name: string, labels: string): string {
	const [, quoted] =
		new RegExp(`(?:^|, )${name}=("(?:[^"\\\\]|\\\\.)*")`).exec(labels) ?? [];
	return quoted === undefined ? "" : String(JSON.parse(quoted));
}
