import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { catalogue } from "../../src/metrics/catalogue.ts";
import { freePort } from "../support/free-port.ts";
import {
	MonitorProcess,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { program } from "../support/program.ts";
import { samplesOf } from "../support/prometheus-text.ts";
import { waitFor } from "../support/wait-for.ts";

const promtool = program("promtool");
const prometheus = program("prometheus");
const otelcol = program("otelcol");

const labelValues = z.object({ data: z.array(z.string()) });

let folder: string;
let monitor: MonitorProcess | undefined;
let others: ChildProcess[];

beforeEach(() => {
	folder = temporaryFolder();
	others = [];
});
afterEach(async () => {
	await monitor?.end();
	for (const child of others) await stop(child);
	removeFolder(folder);
});

function run(path: string, args: readonly string[]): ChildProcess {
	const child = spawn(path, args, { cwd: folder, stdio: "ignore" });
	others.push(child);
	return child;
}

async function stop(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	child.kill("SIGKILL");
	await once(child, "exit");
}

/** A name without what a histogram's samples add to it. */
function family(name: string, types: ReadonlyMap<string, string>): string {
	const base = name.replace(/_(bucket|count|sum)$/, "");
	return types.get(base) === "histogram" ? base : name;
}

function typesOf(text: string): Map<string, string> {
	const lines = text.matchAll(/^# TYPE (\S+) (\S+)$/gm);
	return new Map([...lines].map(([, name = "", type = ""]) => [name, type]));
}

describe("/metrics", () => {
	test.skipIf(promtool.isMissing)(
		"is accepted by promtool, without a complaint",
		async () => {
			monitor = new MonitorProcess(folder);
			const { status, stdout, stderr } = spawnSync(
				promtool.path,
				["check", "metrics"],
				{ input: await monitor.get("/metrics"), encoding: "utf8" },
			);
			expect(stdout + stderr).toBe("");
			expect(status).toBe(0);
		},
	);

	test("is scraped without a word in the log", async () => {
		monitor = new MonitorProcess(folder);
		await monitor.url();
		const before = monitor.messages();
		await monitor.get("/metrics");
		await monitor.get("/metrics");
		await monitor.end();
		const after = monitor.messages().slice(before.length);
		expect(after.filter((message) => /attribute/.test(message))).toEqual([]);
	});

	test("has no series of ours that the catalogue doesn't declare, nor a label", async () => {
		monitor = new MonitorProcess(folder);
		const text = await monitor.get("/metrics");
		const types = typesOf(text);
		const declared = new Map(
			catalogue.flatMap(({ metrics }) =>
				metrics.map((metric) => [`adult_matching_${metric.name}`, metric]),
			),
		);
		const ours = samplesOf(text).filter(({ name }) =>
			name.startsWith("adult_matching_"),
		);
		expect(ours.length).toBeGreaterThan(100);
		for (const { name, labels } of ours) {
			const metric = declared.get(family(name, types));
			expect(metric, name).toBeDefined();
			const known = [...Object.keys(metric?.labels ?? {}), "le"];
			expect(known).toEqual(expect.arrayContaining(Object.keys(labels)));
		}
	});
});

describe.skipIf(prometheus.isMissing)("by OTLP", () => {
	test("Prometheus stores every metric under its name on /metrics", {
		timeout: 100_000,
	}, async () => {
		const port = await freePort();
		writeFileSync(
			join(folder, "prometheus.yml"),
			"otlp:\n  translation_strategy: UnderscoreEscapingWithSuffixes\n",
		);
		run(prometheus.path, [
			"--config.file=prometheus.yml",
			"--web.enable-otlp-receiver",
			`--web.listen-address=127.0.0.1:${port}`,
			"--storage.tsdb.path=tsdb",
		]);
		const api = `http://127.0.0.1:${port}/api/v1`;
		await waitFor(() =>
			fetch(`http://127.0.0.1:${port}/-/ready`).then(
				({ ok }) => ok,
				() => false,
			),
		);
		const running = new MonitorProcess(folder, {
			OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${api}/otlp/v1/metrics`,
		});
		monitor = running;
		const text = await running.get("/metrics");
		const names = new Set(samplesOf(text).map(({ name }) => name));

		const stored = async () => {
			const response = await fetch(`${api}/label/__name__/values`);
			return new Set(labelValues.parse(await response.json()).data);
		};
		await waitFor(async () => (await stored()).has("adult_matching_db_up"));
		// What is measured over a time comes with a later collection.
		const missing = async () => {
			const now = await stored();
			return [...names].filter(
				(name) => !/_(bucket|count|sum)$/.test(name) && !now.has(name),
			);
		};
		await expect.poll(missing).toEqual([]);
		// What comes and goes, such as the delay of an event loop that was too busy to be measured, is asked again.
		const strange = async () => {
			const later = typesOf(await running.get("/metrics"));
			return [...(await stored())].filter(
				(name) => name !== "target_info" && !later.has(family(name, later)),
			);
		};
		await expect.poll(strange).toEqual([]);
	});
});

describe.skipIf(otelcol.isMissing)(
	"a real collector that comes and goes",
	() => {
		test("costs one warning when it is away, and one line when it is back", async () => {
			const port = await freePort();
			writeFileSync(
				join(folder, "collector.yaml"),
				`receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:${port}
exporters:
  debug: {}
service:
  telemetry:
    metrics:
      level: none
  pipelines:
    metrics: { receivers: [otlp], exporters: [debug] }
    traces: { receivers: [otlp], exporters: [debug] }
`,
			);
			const collect = () => run(otelcol.path, ["--config=collector.yaml"]);
			const running = new MonitorProcess(folder, {
				OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
				OTEL_EXPORTER_OTLP_TIMEOUT: "500",
			});
			monitor = running;
			const told = () =>
				running
					.messages()
					.filter((message) => message.includes("OpenTelemetry collector"));
			await waitFor(() => told().length > 0);
			await new Promise((resolve) => setTimeout(resolve, 3000));
			expect(told()).toEqual([
				expect.stringContaining("does not take metrics"),
			]);

			const first = collect();
			await waitFor(() => told().length > 1);
			expect(told()[1]).toBe("the OpenTelemetry collector is back");

			await stop(first);
			await waitFor(() => told().length > 2);
			collect();
			await waitFor(() => told().length > 3);
			expect(told().map((message) => message.includes("back"))).toEqual([
				false,
				true,
				false,
				true,
			]);
			expect(await running.get("/metrics")).toMatch(
				/adult_matching_telemetry_exports_total\{signal="metrics",outcome="failure"\} [1-9]/,
			);
		}, 90_000);
	},
);
