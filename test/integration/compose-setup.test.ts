import { execFileSync } from "node:child_process";
import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { program } from "../support/program.ts";

const amtool = program("amtool");
const folder = mkdtempSync(join(tmpdir(), "compose-setup-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the set-up of docker-compose.yml", () => {
	test.skipIf(amtool.isMissing)(
		"sends alerts to Slack where a webhook is given",
		() => {
			const { said, file } = setUp({
				ALERT_WEBHOOK_URL: "https://example.com/x",
			});
			expect(said).toContain("alerts go to Slack");
			expect(file("alertmanager/webhook-url")).toBe("https://example.com/x");
			expect(receiversOf(file("alertmanager/alertmanager.yml"))).toEqual([
				"slack",
				// What is only to be shown.
				"kept",
			]);
		},
	);

	test.skipIf(amtool.isMissing)(
		"keeps alerts where none is given, and says so",
		() => {
			const { said, file } = setUp({});
			expect(said).toContain("ALERT_WEBHOOK_URL is not set");
			expect(receiversOf(file("alertmanager/alertmanager.yml"))).toEqual([
				"kept",
			]);
		},
	);

	test.skipIf(amtool.isMissing).each([
		["webhook", { ALERT_GENERIC_WEBHOOK_URL: "https://example.com/generic" }],
		[
			"slack-and-webhook",
			{
				ALERT_WEBHOOK_URL: "https://example.com/x",
				ALERT_GENERIC_WEBHOOK_URL: "https://example.com/generic",
			},
		],
	])("sends alerts by %s where that is what is given", (receiver, given) => {
		const { said, file } = setUp(given);
		expect(said).toContain("to ALERT_GENERIC_WEBHOOK_URL");
		expect(said).not.toContain("example.com");
		expect(file("alertmanager/generic-webhook-url")).toBe(
			"https://example.com/generic",
		);
		expect(receiversOf(file("alertmanager/alertmanager.yml"))).toEqual([
			receiver,
			"kept",
		]);
	});

	test("tells Alertmanager's templates where links lead", () => {
		const plain = setUp({}).file("alertmanager/links.tmpl");
		expect(plain).toBe(
			'{{ define "urls.grafana" }}http://localhost:3000{{ end }}\n',
		);
	});

	test.skipIf(amtool.isMissing).each([
		["en", "What to do", "Dashboard"],
		["ja", "対処方法", "ダッシュボード"],
	])(
		"has messages written in %s, with links to where they lead",
		(language, toDo, dashboard) => {
			const rendered = render(
				setUp({
					ALERT_LANGUAGE: language,
					GRAFANA_URL: "https://grafana.example.com",
					RUNBOOK_URL: "https://example.com/docs",
				}).file("alertmanager/links.tmpl"),
			);
			expect(rendered).toContain(
				`<https://example.com/docs/runbook.md|${toDo}>`,
			);
			expect(rendered).toMatch(
				RegExp(`<https://grafana.example.com/d/x\\?from=.*\\|${dashboard}>`),
			);
		},
	);

	test("has no messages in a language that there is not, and says which there are", () => {
		for (const language of ["de", "EN", "en ja"]) {
			const { code, error } = refusal({ ALERT_LANGUAGE: language });
			expect(code).toBe(1);
			expect(error).toBe(
				`ALERT_LANGUAGE is "${language}", and has to be one of: en, ja\n`,
			);
		}
	});

	test("makes up the secrets that are not given, once, and for nobody else to read", () => {
		const { file, again } = setUp({ EDGE_TOKEN: "given" });
		expect(file("edge-token/token")).toBe("given");
		const names = ["grafana/admin-password", "monitor/heartbeat-token"];
		const made = names.map(file);
		expect(new Set(made).size).toBe(2);
		for (const secret of made) expect(secret).toMatch(/^[\w-]{32}$/);
		again({ EDGE_TOKEN: "other" });
		expect(names.map(file)).toEqual(made);
		expect(file("edge-token/token")).toBe("other");
	});

	test("lets nobody look into Grafana without a login from another machine", () => {
		expect(setUp({}).file("grafana/anonymous")).toBe("true");
		for (const BIND of ["0.0.0.0", "192.0.2.1", "[::]"]) {
			expect(setUp({ BIND }).file("grafana/anonymous")).toBe("false");
		}
	});
});

/** Runs docker/setup.sh on folders of this machine instead of volumes. */
function setUp(environment: Readonly<Record<string, string>>) {
	const volumes = mkdtempSync(join(folder, "volumes-"));
	const bin = mkdtempSync(join(folder, "bin-"));
	for (const name of [
		"alertmanager",
		"edge-token",
		"grafana",
		"monitor",
		"otelcol",
	]) {
		mkdirSync(join(volumes, name));
	}
	// Who runs tests need not be root, who alone can give files away.
	writeFileSync(join(bin, "chown"), "#!/bin/sh\n");
	chmodSync(join(bin, "chown"), 0o755);
	const again = (variables: Readonly<Record<string, string>>) =>
		execFileSync("sh", ["docker/setup.sh"], {
			encoding: "utf8",
			stdio: "pipe",
			env: {
				PATH: `${bin}:${process.env.PATH}`,
				VOLUMES: volumes,
				ALERTMANAGER_CONFIG: "alertmanager/alertmanager.yml",
				...variables,
			},
		});
	const file = (name: string) => {
		expect(statSync(join(volumes, name)).mode & 0o777).toBe(0o600);
		return readFileSync(join(volumes, name), "utf8");
	};
	return { said: again(environment), file, again };
}

/** How the set-up ends that is given something wrong. */
function refusal(environment: Readonly<Record<string, string>>) {
	try {
		setUp(environment);
		return { code: 0, error: "" };
	} catch (error) {
		return z
			.object({ status: z.number(), stderr: z.string() })
			.transform(({ status, stderr }) => ({ code: status, error: stderr }))
			.parse(error);
	}
}

/** The text of a message, by Alertmanager's own templates and what the set-up wrote. */
function render(links: string): string {
	const alert = {
		status: "firing",
		labels: {},
		annotations: { runbook_url: "runbook.md", dashboard_url: "/d/x" },
		startsAt: "2026-11-25T12:00:00Z",
	};
	const data = join(folder, "data.json");
	writeFileSync(data, JSON.stringify({ status: "firing", alerts: [alert] }));
	writeFileSync(join(folder, "links.tmpl"), links);
	return execFileSync(
		amtool.path,
		[
			...["template", "render", "--template.text"],
			'{{ template "slack.text" . }}',
			"--template.glob=alertmanager/templates/*.tmpl",
			`--template.glob=${join(folder, "links.tmpl")}`,
			`--template.data=${data}`,
		],
		{ encoding: "utf8" },
	);
}

/** The receivers that a configuration sends to, once Alertmanager's own tool has found it right. */
function receiversOf(config: string): string[] {
	const file = join(folder, "alertmanager.yml");
	writeFileSync(file, config);
	execFileSync(amtool.path, ["check-config", file], { stdio: "pipe" });
	return [
		...new Set(
			[...config.matchAll(/receiver: (\S+)/g)].map(([, name]) => name ?? ""),
		),
	];
}
