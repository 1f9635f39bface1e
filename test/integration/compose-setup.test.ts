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

	test("tells Alertmanager's templates where links lead", () => {
		const plain = setUp({}).file("alertmanager/links.tmpl");
		expect(plain).toBe(
			'{{ define "urls.grafana" }}http://localhost:3000{{ end }}\n',
		);
		const given = setUp({
			GRAFANA_URL: "https://grafana.example.com",
			RUNBOOK_URL: "https://example.com/docs",
		}).file("alertmanager/links.tmpl");
		expect(given).toContain("https://grafana.example.com{{ end }}");
		expect(given).toContain(
			"<https://example.com/docs/{{ .Annotations.runbook_url }}|What to do>",
		);
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
