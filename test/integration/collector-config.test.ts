import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import {
	alertmanagerConfig,
	collectorConfig,
	prometheusConfig,
	writeAlertmanagerConfig,
	writePrometheusConfig,
} from "../../scripts/stack/config-files.ts";
import { prometheusFlags } from "../../scripts/stack/prometheus-flags.ts";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { program } from "../support/program.ts";

const otelcol = program("otelcol");
const promtool = program("promtool");
const amtool = program("amtool");

const root = fileURLToPath(new URL("../../", import.meta.url));
const composeFile = join(root, "docker-compose.yml");

let folder: string;
beforeEach(() => {
	folder = temporaryFolder();
});
afterEach(() => {
	removeFolder(folder);
});

function run(path: string, ...args: readonly string[]) {
	const token = join(folder, "token");
	writeFileSync(token, "token");
	const { status, stdout, stderr } = spawnSync(path, args, {
		encoding: "utf8",
		env: { ...process.env, EDGE_TOKEN_FILE: token, QUEUE_DIRECTORY: folder },
	});
	return { status, said: stdout + stderr };
}

describe("the config file of", () => {
	test.skipIf(otelcol.isMissing)("the collector is right", () => {
		const found = run(otelcol.path, "validate", `--config=${collectorConfig}`);
		expect(found).toEqual({ status: 0, said: "" });
	});

	test.skipIf(promtool.isMissing)(
		"Prometheus is right, as it is and as the native stack has it",
		() => {
			const copy = writePrometheusConfig(folder, {
				collectorMetrics: "127.0.0.1:1",
				prometheus: "127.0.0.1:2",
				alertmanager: "127.0.0.1:3",
				sink: "127.0.0.1:4",
			});
			for (const file of [prometheusConfig, copy]) {
				const found = run(promtool.path, "check", "config", file);
				expect(found).toMatchObject({ status: 0 });
				expect(found.said).not.toMatch(/warn/i);
			}
			const [before, after] = [prometheusConfig, copy].map((file) =>
				readFileSync(file, "utf8").split("\n"),
			);
			const changed = after?.filter((line, at) => line !== before?.[at]);
			expect(changed?.map((line) => line.trim().split(" ")[0])).toEqual(
				changed?.map(() => "-"),
			);
		},
	);

	test.skipIf(amtool.isMissing || !existsSync(alertmanagerConfig))(
		"Alertmanager is right, as it is and as the native stack has it",
		() => {
			const copy = writeAlertmanagerConfig(folder) ?? "";
			for (const file of [alertmanagerConfig, copy]) {
				expect(run(amtool.path, "check-config", file)).toMatchObject({
					status: 0,
				});
			}
		},
	);
});

const compose = z.object({
	services: z.object({
		prometheus: z.object({ command: z.array(z.string()) }),
	}),
});

test.skipIf(!existsSync(composeFile))(
	"Prometheus has the same flags in docker-compose.yml as in the native stack",
	() => {
		const file = compose.parse(parse(readFileSync(composeFile, "utf8")));
		// Beside addresses and paths, which differ.
		const other =
			/^--(config\.file|storage\.tsdb\.path|web\.(external-url|route-prefix))=/;
		const flags = file.services.prometheus.command
			.map((flag) => flag.replace(/\$\{\w+:-([^}]*)\}/, "$1"))
			.filter((flag) => !other.test(flag));
		expect(flags.sort()).toEqual([...prometheusFlags].sort());
	},
);
