import { hostname } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
	MonitorProcess,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { samplesOf } from "../support/prometheus-text.ts";
import { isStackMissing, TestStack } from "../support/stack.ts";
import { waitFor } from "../support/wait-for.ts";

let folder: string;
let stack: TestStack;
let monitor: MonitorProcess;

beforeEach(async () => {
	folder = temporaryFolder();
	stack = await TestStack.start();
}, 60_000);
afterEach(async () => {
	await monitor?.end();
	await stack?.end();
	removeFolder(folder);
});

/** What Prometheus adds, to tell sources apart. */
const added = ["__name__", "job", "instance", "service_name"].concat(
	"service_instance_id",
	"host_name",
	"deployment_environment_name",
);

/** A series without what Prometheus adds, and without its name and bounds, which are judged apart. */
function labelsOf(labels: Readonly<Record<string, string>>): string {
	const own = Object.entries(labels).filter(
		([name]) => !added.includes(name) && name !== "le",
	);
	return JSON.stringify(own.sort());
}

/** Which series there are of each name: their labels, each once. */
function seriesByName(
	all: readonly { name: string; labels: Readonly<Record<string, string>> }[],
): Map<string, Set<string>> {
	const series = new Map<string, Set<string>>();
	for (const { name, labels } of all) {
		const known = series.get(name) ?? new Set();
		series.set(name, known.add(labelsOf(labels)));
	}
	return series;
}

/** Each name's type by what belongs to it. */
function typeOf(name: string, names: ReadonlySet<string>): string {
	const base = name.replace(/_(bucket|count|sum)$/, "");
	if (base !== name && names.has(`${base}_bucket`)) return "histogram";
	return name.endsWith("_total") ? "counter" : "gauge";
}

describe.skipIf(isStackMissing)("through the collector", () => {
	test("every metric of the monitor reaches Prometheus under its name, with its type and its labels", async () => {
		monitor = new MonitorProcess(folder, {
			OTEL_EXPORTER_OTLP_ENDPOINT: stack.urls.otlp,
			ENVIRONMENT: "staging",
		});
		await monitor.url();
		// What rules record each minute is not the monitor's own.
		const own = '{job="adult-matching-monitoring",__name__!~".*:.*"}';
		const stored = async () =>
			seriesByName(
				(await stack.query(own)).map(({ labels }) => ({
					name: labels.__name__ ?? "",
					labels,
				})),
			);
		await waitFor(async () => (await stored()).has("adult_matching_db_up"), 60);
		const text = await monitor.get("/metrics");
		const shown = seriesByName(samplesOf(text));
		expect(shown.size).toBeGreaterThan(100);
		// What is measured over a time comes with the second collection.
		const missing = async () => {
			const now = await stored();
			return [...shown].flatMap(([name, all]) =>
				[...all]
					.filter((labels) => !now.get(name)?.has(labels))
					.map((labels) => `${name}${labels}`),
			);
		};
		await expect.poll(missing, { timeout: 30_000 }).toEqual([]);

		// What comes and goes, such as the delay of an event loop that was too busy to be measured, is asked again.
		const unknown = async () => {
			const later = seriesByName(samplesOf(await monitor.get("/metrics")));
			const names = [...(await stored()).keys()];
			return names.filter((name) => name !== "target_info" && !later.has(name));
		};
		await expect.poll(unknown, { timeout: 30_000 }).toEqual([]);
		const now = await stored();
		now.delete("target_info");

		const types = text.matchAll(/^# TYPE (\S+) (\S+)$/gm);
		const names = new Set(now.keys());
		for (const [, name = "", type] of types) {
			const first = names.has(name) ? name : `${name}_count`;
			expect(typeOf(first, names), name).toBe(type);
		}
		const [up] = await stack.query("adult_matching_db_up");
		expect(up?.labels).toMatchObject({
			job: "adult-matching-monitoring",
			deployment_environment_name: "staging",
			instance: expect.stringMatching(/./),
			host_name: hostname(),
		});
		expect(JSON.stringify([...now])).not.toContain("****");
	}, 120_000);
});
