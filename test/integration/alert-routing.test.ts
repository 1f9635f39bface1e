import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import {
	alertmanagerConfig,
	writeAlertmanagerConfig,
} from "../../scripts/stack/config-files.ts";
import {
	isAlertmanagerMissing,
	TestAlertmanager,
} from "../support/alerts/alertmanager.ts";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { program } from "../support/program.ts";
import { waitFor } from "../support/wait-for.ts";
import { alertNames, alerts } from "../unit/alerts/alert-files.ts";

type Labels = Readonly<Record<string, string>>;

const amtool = program("amtool");
const isMissing = amtool.isMissing || isAlertmanagerMissing;

const config = z
	.object({
		inhibit_rules: z.array(
			z.object({
				source_matchers: z.array(z.string()),
				target_matchers: z.array(z.string()),
				equal: z.array(z.string()).optional(),
			}),
		),
	})
	.parse(parse(readFileSync(alertmanagerConfig, "utf8")));

function ask(...args: readonly string[]): string {
	return execFileSync(amtool.path, args, { encoding: "utf8", stdio: "pipe" });
}

describe.skipIf(amtool.isMissing)("an alert goes", () => {
	test.each([
		["to people if it is critical", "BackendDown", "critical", "slack"],
		["to people if it is a warning", "DiskFull", "warning", "slack"],
		["to people if its severity is one's own", "Mine", "urgent", "slack"],
		["to nobody if it is only to be shown", "DataFlowStale", "info", "kept"],
		["to nobody if it always fires", "Watchdog", "info", "kept"],
		[
			"to people if it is to see that alerts arrive",
			"AlertPing",
			"info",
			"slack",
		],
	])("%s", (_, alertname, severity, receiver) => {
		const labels = [`alertname=${alertname}`, `severity=${severity}`];
		const route = ["config", "routes", "test"];
		const file = `--config.file=${alertmanagerConfig}`;
		expect(ask(...route, file, ...labels).trim()).toBe(receiver);
	});

	test("by none of the rules to a receiver that is not there", () => {
		for (const { alert, labels } of alerts) {
			const pairs = Object.entries({ alertname: alert, ...labels });
			const receiver = ask(
				...["config", "routes", "test", `--config.file=${alertmanagerConfig}`],
				...pairs.map(([name, value]) => `${name}=${value}`),
			);
			const isShown = labels.severity === "info" && alert !== "AlertPing";
			expect(receiver.trim(), alert).toBe(isShown ? "kept" : "slack");
		}
	});
});

test("the native stack knows the languages of messages, and says which there are", () => {
	const folder = temporaryFolder();
	expect(() =>
		writeAlertmanagerConfig(folder, { ALERT_LANGUAGE: "de" }),
	).toThrow('ALERT_LANGUAGE is "de", and has to be one of: en, ja');
	removeFolder(folder);
});

const queried = z.array(
	z.object({
		labels: z.record(z.string(), z.string()),
		status: z.object({ state: z.string() }),
	}),
);

let alertmanager: TestAlertmanager;
afterEach(() => alertmanager?.end());

/** The states that amtool sees: `suppressed` is what another alert holds back. */
function statesOf(targets: readonly Labels[]): (string | undefined)[] {
	const found = queried.parse(
		JSON.parse(
			ask(
				...["alert", "query", "--active", "--inhibited", "--output=json"],
				`--alertmanager.url=${alertmanager.url}`,
			),
		),
	);
	return targets.map(
		(target) =>
			found.find(({ labels }) =>
				[...Object.entries(target), ...Object.entries(labels)].every(
					([name]) => (labels[name] ?? "") === (target[name] ?? ""),
				),
			)?.status.state,
	);
}

async function expectStates(state: string, targets: readonly Labels[]) {
	await waitFor(
		() => statesOf(targets).every((each) => each === state),
		15,
	).catch(() => {
		const states = statesOf(targets);
		expect(targets.filter((__, index) => states[index] !== state)).toEqual([]);
	});
}

/** A source holds back some alerts and no others, and none when it is over. */
async function expectHeldBack(
	source: Labels,
	heldBack: readonly Labels[],
	told: readonly Labels[],
): Promise<void> {
	alertmanager = await TestAlertmanager.start();
	const targets = [...heldBack, ...told].map((labels) => ({ labels }));
	await alertmanager.send({ labels: source }, ...targets);
	await expectStates("suppressed", heldBack);
	await expectStates("active", [source, ...told]);
	const endsAt = new Date().toISOString();
	await alertmanager.send({ labels: source, endsAt });
	await expectStates("active", heldBack);
}

const environment = (labels: Labels, name: string): Labels => ({
	...labels,
	deployment_environment_name: name,
});
const named = (alertname: string): Labels => ({ alertname });

function namesIn(matchers: readonly string[]): string[] {
	const patterns = matchers.map(
		(matcher) => /^alertname=~?"(.*)"$/.exec(matcher)?.[1] ?? "",
	);
	return patterns.flatMap((pattern) => pattern.split("|"));
}

/** The alerts that hold back others, beside those of their own name. */
const causes = config.inhibit_rules.flatMap((rule) =>
	namesIn(rule.source_matchers),
);

/** The alerts that an alert holds back. */
function targetsOf(source: string): string[] {
	const rules = config.inhibit_rules.filter((rule) =>
		namesIn(rule.source_matchers).includes(source),
	);
	const targets = rules.flatMap((rule) => namesIn(rule.target_matchers));
	return alertNames.filter((name) => targets.includes(name));
}

describe.skipIf(isMissing)(
	"of alerts that have one cause, one is told:",
	() => {
		const equal = config.inhibit_rules[0]?.equal ?? [];

		test("the critical one of a name, on the same thing, until it is over", async () => {
			const same = Object.fromEntries(equal.map((name) => [name, "a"]));
			const warning = { ...same, alertname: "DiskFull", severity: "warning" };
			await expectHeldBack(
				{ ...warning, severity: "critical" },
				[warning],
				[
					{ ...warning, alertname: "MemoryHigh" },
					...equal
						.filter((name) => name !== "alertname")
						.flatMap((name) => [
							{ ...warning, [name]: "b" },
							{ ...warning, [name]: "" },
						]),
				],
			);
		});

		const disk = {
			deployment_environment_name: "production",
			job: "monitor",
			instance: "m-1",
			mountpoint: "/",
		};
		const diskAlert = (alertname: string, severity: string): Labels => ({
			...disk,
			alertname,
			severity,
		});

		test.each([
			["critical", "critical"],
			["critical", "warning"],
			["warning", "warning"],
		])(
			"that a disk is full (%s), not that it will be (%s)",
			async (full, willFill) => {
				const target = diskAlert("DiskWillFill", willFill);
				await expectHeldBack(
					diskAlert("DiskFull", full),
					[target],
					Object.keys(disk).map((name) => ({ ...target, [name]: "another" })),
				);
			},
		);

		test("that a disk will soon be full, which wakes somebody, beside that it nearly is", async () => {
			await expectHeldBack(
				diskAlert("DiskFull", "warning"),
				[],
				[diskAlert("DiskWillFill", "critical")],
			);
		});

		const ofDatabase = targetsOf("DatabaseDown").filter(
			(name) => name !== "ProcessDown",
		);
		const others = alertNames.filter(
			(name) => ![...causes, ...ofDatabase].includes(name),
		);

		test("that the database is down, in its own environment and where none is named", async () => {
			const all = ofDatabase.map(named);
			await expectHeldBack(
				environment(named("DatabaseDown"), "production"),
				[...all, ...all.map((labels) => environment(labels, "production"))],
				[
					...all.map((labels) => environment(labels, "staging")),
					...others.map((name) => environment(named(name), "production")),
				],
			);
		});

		test("that the database is down, where it names no environment", async () => {
			const all = ofDatabase.map(named);
			await expectHeldBack(
				named("DatabaseDown"),
				all,
				all.map((labels) => environment(labels, "staging")),
			);
		});

		test("that the database is down, not that its process is", async () => {
			const where = { job: "monitor", instance: "web-1" };
			const process = {
				...where,
				...named("ProcessDown"),
				process: "postgres",
			};
			await expectHeldBack(
				{ ...where, ...named("DatabaseDown") },
				[process, { ...process, process: "PostgreSQL 17" }],
				[
					{ ...process, instance: "web-2" },
					{ ...process, process: "nginx" },
					environment(process, "staging"),
				],
			);
		});

		const ofStack = ["OtelCollectorDown", "MonitorGone"].flatMap((source) =>
			targetsOf(source).map((target) => ({ source, target })),
		);

		test.each(ofStack)(
			"$source, and not $target",
			async ({ source, target }) => {
				const told = ["TempoDown", "BackendDown", "Watchdog"].map(named);
				await expectHeldBack(named(source), [named(target)], told);
			},
		);
	},
);
