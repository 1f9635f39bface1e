// Spans a second that the collector takes without losing one, its CPU time for them, and how soon a trace is readable:
// with the project's config, and with a plain one. node bench/pipeline.ts [seconds of load]
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { collectorConfig } from "../scripts/stack/config-files.ts";
import { Stack } from "../scripts/stack/stack.ts";
import { SpanRequests } from "./pipeline/requests.ts";

const seconds = Number(process.argv[2] ?? 20);
const connections = 16;
const candidates = {
	"this project's": collectorConfig,
	"plain, with `batch`": join(import.meta.dirname, "pipeline/plain.yaml"),
};

console.log(
	"| collector | spans/s | drained after, s | lost | refused | CPU per 1,000 spans, ms | memory, MB | readable after p50, ms | p99, ms |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const [name, config] of Object.entries(candidates)) {
	const row = await measure(config);
	console.log(`| ${name} | ${row.join(" | ")} |`);
}

async function measure(config: string): Promise<string[]> {
	const folder = mkdtempSync(join(tmpdir(), "bench-pipeline-"));
	const stack = await Stack.create({
		folder,
		usualPorts: false,
		collectorConfig: config,
		keep: { spans: 10_000_000, bytes: 0 },
	});
	try {
		await stack.start();
		const times = await latencies(stack);
		const at = (part: number) =>
			(times[Math.floor(part * times.length)] ?? Number.NaN).toFixed(0);
		return [...(await load(stack)), at(0.5), at(0.99)];
	} finally {
		await stack.end("SIGKILL");
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Milliseconds from a request's beginning until its trace can be read, sorted: one request at a time. */
async function latencies(stack: Stack): Promise<number[]> {
	const requests = new SpanRequests(stack.urls.otlp, 1);
	const times: number[] = [];
	for (let each = 0; each < 100; each++) {
		const begin = performance.now();
		const url = `${stack.urls.sink}/api/v2/traces/${await requests.send()}`;
		while (!(await fetch(url)).ok) await sleep(2);
		times.push(performance.now() - begin);
		await sleep(Math.random() * 50);
	}
	requests.end();
	return times.sort((a, b) => a - b);
}

async function load(stack: Stack): Promise<string[]> {
	const requests = new SpanRequests(stack.urls.otlp, connections);
	const before = { cpu: cpuOf(stack), spans: (await statsOf(stack)).distinct };
	let taken = 0;
	let refused = 0;
	const begin = performance.now();
	const end = begin + seconds * 1000;
	const sender = async () => {
		while (performance.now() < end) {
			if (await requests.send()) taken += requests.spans;
			else refused += 1;
		}
	};
	await Promise.all(Array.from({ length: connections }, sender));
	const sent = performance.now();
	const arrived = async () => (await statsOf(stack)).distinct - before.spans;
	let last = -1;
	let now = await arrived();
	// Until all is there, or nothing more comes.
	for (
		let idle = 0;
		now < taken && idle < 100;
		idle = now > last ? 0 : idle + 1
	) {
		last = now;
		await sleep(100);
		now = await arrived();
	}
	const drained = performance.now();
	requests.end();
	const perSpan = (cpuOf(stack) - before.cpu) / taken;
	return [
		(taken / ((sent - begin) / 1000)).toFixed(0),
		((drained - sent) / 1000).toFixed(1),
		`${taken - now}`,
		`${refused}`,
		(perSpan * 1000).toFixed(1),
		(peakOf(stack) / 1024).toFixed(0),
	];
}

async function statsOf(stack: Stack): Promise<{ distinct: number }> {
	const response = await fetch(`${stack.urls.sink}/stats`);
	return JSON.parse(await response.text());
}

/** Milliseconds of CPU that the collector has used. */
function cpuOf(stack: Stack): number {
	const stat = readFileSync(`/proc/${stack.collector.pid}/stat`, "utf8");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** KB that it had in memory at most. */
function peakOf(stack: Stack): number {
	const status = readFileSync(`/proc/${stack.collector.pid}/status`, "utf8");
	return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
}
