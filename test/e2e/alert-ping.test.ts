import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Part } from "../../scripts/stack/part.ts";
import {
	AlertingStack,
	isAlertingMissing,
} from "../support/alerts/alerting-stack.ts";
import { waitFor } from "../support/wait-for.ts";

const limit = 120_000;
let alerting: AlertingStack;

interface Said {
	readonly code: number | string | undefined;
	readonly stdout: string;
	readonly stderr: string;
}

/** What `npm run alerts:ping` says about the stack. */
function ping(): Promise<Said> {
	const { urls } = alerting.stack;
	const env = {
		...process.env,
		...alerting.environment,
		PROMETHEUS_URL: urls.prometheus,
		ALERTMANAGER_URL: urls.alertmanager,
	};
	return new Promise((resolve) => {
		execFile(
			process.execPath,
			["scripts/alerts-ping.ts"],
			{ env },
			(error, stdout, stderr) =>
				resolve({ code: error?.code ?? undefined, stdout, stderr }),
		);
	});
}

function stationsOf({ stdout }: Said): string[] {
	return [...stdout.matchAll(/^ *[\d.]+ s {2}(.*)$/gm)].map(
		([, station = ""]) => station,
	);
}

async function without(part: Part | undefined, act: () => Promise<void>) {
	await part?.end();
	try {
		await act();
	} finally {
		await part?.start();
	}
}

describe.skipIf(isAlertingMissing)("a test alert", () => {
	beforeAll(async () => {
		alerting = await AlertingStack.start();
		// No monitor runs here. Its message must not be the one whose delivery is counted.
		await waitFor(() =>
			alerting.slack.messages.some(({ title }) =>
				title.includes("MonitorGone"),
			),
		);
	});
	afterAll(() => alerting?.end());

	test("goes the whole way, says where it is, and is over by itself", {
		timeout: limit,
	}, async () => {
		const said = await ping();
		expect(said).toMatchObject({ code: undefined, stderr: "" });
		expect(stationsOf(said)).toEqual([
			"Prometheus answers",
			"Alertmanager answers",
			"the collector took it",
			"Prometheus has it",
			"its rule AlertPing fires",
			"Alertmanager holds it",
			"it was delivered",
		]);
		const [, id = "none"] = /^Test (\w+)$/m.exec(said.stdout) ?? [];
		expect(said.stdout).toContain(`Look for "${id}" in what came by slack.`);
		const { messages } = alerting.slack;
		const about = messages.filter(({ text }) => text.includes(id));
		expect(about.map(({ title }) => title)).toEqual([
			":information_source: Info: AlertPing (pipeline)",
		]);
		expect(about[0]?.text).toContain(
			`This is a test, ${id}: nothing is wrong.`,
		);
		await waitFor(() =>
			messages.some(
				({ title, text }) =>
					text.includes(id) && title.includes("Resolved: AlertPing"),
			),
		);
	});

	test("says that Slack refuses it", { timeout: limit }, async () => {
		alerting.slack.status = 500;
		const said = await ping();
		alerting.slack.status = 200;
		expect(said.code).toBe(1);
		expect(stationsOf(said).at(-1)).toBe("Alertmanager holds it");
		expect(said.stderr).toContain("could not deliver by slack");
		expect(said.stderr).toContain("docker compose logs --tail 20 alertmanager");
	});

	test.each([
		["Alertmanager", "alertmanager", "Prometheus answers"],
		["the collector", "collector", "Alertmanager answers"],
		["Prometheus", "prometheus", undefined],
	] as const)(
		"says that %s is away",
		{ timeout: limit },
		async (_, name, last) => {
			const { programs, urls } = alerting.stack;
			await without(programs[name], async () => {
				const said = await ping();
				expect(said.code).toBe(1);
				expect(stationsOf(said).at(-1)).toBe(last);
				const url = name === "collector" ? urls.otlp : urls[name];
				expect(said.stderr).toMatch(/ECONNREFUSED/);
				expect(said.stderr).toContain(`${url} does not do its part`);
				expect(said.stderr).toContain("docker compose logs --tail 20");
				expect(said.stderr).not.toContain(" at ");
			});
		},
	);
});

test.skipIf(isAlertingMissing)(
	"a test alert says that Alertmanager has nobody to tell",
	{ timeout: limit },
	async () => {
		alerting = await AlertingStack.start({}, (folder) => {
			const config = join(folder, "alertmanager.yml");
			const text = readFileSync(config, "utf8");
			writeFileSync(config, text.replaceAll(/(receiver:) slack$/gm, "$1 kept"));
		});
		try {
			const said = await ping();
			expect(said.code).toBe(1);
			expect(said.stderr).toContain("Alertmanager tells nobody");
			expect(said.stderr).toContain("ALERT_WEBHOOK_URL");
		} finally {
			await alerting.end();
		}
	},
);
