import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { program } from "../support/program.ts";
import {
	alerts,
	proofFiles,
	ruleFolder,
	testFiles,
	testFolder,
} from "../unit/alerts/alert-files.ts";
import { messagesOf } from "../unit/alerts/messages.ts";

const promtool = program("promtool");

let folder: string;
beforeAll(() => {
	folder = temporaryFolder();
});
afterAll(() => removeFolder(folder));

function run(...args: readonly string[]) {
	const { status, stdout, stderr } = spawnSync(promtool.path, args, {
		encoding: "utf8",
	});
	return { status, output: stdout + stderr };
}

describe.skipIf(promtool.isMissing)("promtool", () => {
	test("finds nothing wrong with the rules", () => {
		const files = readdirSync(ruleFolder).map((file) => join(ruleFolder, file));
		const { status, output } = run("check", "rules", "--lint-fatal", ...files);
		expect(output).not.toMatch(/lint error|FAILED/);
		expect(status).toBe(0);
	});

	test.each(testFiles)(
		"finds that the rules do what the tests in %s say",
		(file) => {
			const { status, output } = run("test", "rules", join(testFolder, file));
			expect(output).toContain("SUCCESS");
			expect(status).toBe(0);
		},
		120_000,
	);

	test.each(proofFiles.map((file) => [file.file, file] as const))(
		"makes messages of the rules in %s that a person can read",
		(_, file) => {
			const messages = messagesOf(file, folder, run);
			const told = new Set(messages.map(({ alertname }) => alertname));
			const own = alerts.filter((alert) => alert.file === file.file);
			expect(told).toEqual(new Set(own.map(({ alert }) => alert)));
			for (const { alertname, ...texts } of messages) {
				for (const text of Object.values(texts)) {
					expect(text, alertname).toMatch(/\S/);
					expect(text, alertname).not.toMatch(
						/[{}]|<no value>|%!|error expanding|\bNaN\b/,
					);
				}
				// Of a label that the rule drops, a link would choose nothing.
				expect(texts.dashboard_url, alertname).not.toMatch(/=(&|$)/);
				expect(texts.summary.length, texts.summary).toBeLessThan(230);
				expect(texts.summary_ja.length, texts.summary_ja).toBeLessThan(120);
			}
			// Of a group that reads what another one records, promtool may evaluate either first.
			const summaries = messages
				.flatMap(({ summary, summary_ja }) => [summary, summary_ja])
				.map((summary) =>
					summary
						.replace(/[\d.]+%(?= of the (requests|blocks))/, "#%")
						.replace(/(?<=リクエストの )[\d.]+%|(?<=ヒット率が )[\d.]+%/, "#%"),
				);
			expect([...new Set(summaries)].toSorted()).toMatchSnapshot();
		},
		120_000,
	);

	test("leads from a failing probe to its trace, and does without where there is none", () => {
		const state = 'group="e2e_flows",component="flow"';
		const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
		const file = join(folder, "trace.yaml");
		const group = (series: string) => `
  - interval: 1m
    input_series:
      - { series: 'adult_matching_component_state{${state},state="unhealthy"}', values: 1x9 }
${series}
    alert_rule_test:
      - { alertname: FlowFailing, eval_time: 9m, exp_alerts: [] }`;
		const failure = `      - { series: 'adult_matching_component_failure{${state},trace_id="${trace}"}', values: _x4 1x5 }
      - { series: 'adult_matching_component_failure{${state},trace_id="of an hour ago"}', values: 1x5 _x5 }`;
		writeFileSync(
			file,
			`rule_files: ["${ruleFolder}/integration.yaml"]\nevaluation_interval: 1m\ntests:${group(failure)}${group("")}\n`,
		);
		const { output } = run("test", "rules", file);
		expect(output.match(/FlowFailing", /g)).toHaveLength(2);
		expect(
			[...output.matchAll(/trace_id="(.*?)"/g)].map(([, id]) => id),
		).toEqual([trace, ""]);
	});
});
