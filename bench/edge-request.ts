// What monitoring costs a request on Deno: the library beside the bare handler, Deno's own OpenTelemetry,
// the OpenTelemetry SDK and @vercel/otel. The peers are installed into a temporary folder.
// node bench/edge-request.ts [rounds]
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { begin, end } from "./edge/candidate.ts";
import { type Program, request } from "./edge/run.ts";
import { median } from "./median.ts";

const rounds = Number(process.argv[2] ?? 30);
const requestsARound = 200;
const sparseRequests = 100;
const starts = 7;
/** The peers send every 5 s. */
const untilSent = 6000;

const packages = {
	sdk: [
		"@opentelemetry/api@1.10.0",
		"@opentelemetry/context-async-hooks@3.1.0",
		"@opentelemetry/core@3.1.0",
		"@opentelemetry/sdk-trace@3.1.0",
		"@opentelemetry/sdk-metrics@3.1.0",
		"@opentelemetry/exporter-trace-otlp-http@0.301.0",
		"@opentelemetry/exporter-metrics-otlp-http@0.301.0",
	],
	// In November 2026 it still asks for the 2.x line.
	vercel: [
		"@vercel/otel@2.1.3",
		"@opentelemetry/api@1.9.0",
		"@opentelemetry/api-logs@0.220.0",
		"@opentelemetry/instrumentation@0.220.0",
		"@opentelemetry/resources@2.11.0",
		"@opentelemetry/sdk-logs@0.220.0",
		"@opentelemetry/sdk-metrics@2.11.0",
		"@opentelemetry/sdk-trace-base@2.11.0",
	],
};

/** A copy of the programs, with packages. */
function folderWith(names: readonly string[]): string {
	const folder = mkdtempSync(join(tmpdir(), "bench-edge-"));
	cpSync(join(import.meta.dirname, "edge"), folder, { recursive: true });
	if (names.length === 0) return folder;
	const quiet = ["--no-audit", "--no-fund", "--ignore-scripts"];
	const options = { cwd: folder, stdio: "ignore" } as const;
	execFileSync("npm", ["install", ...quiet, ...names], options);
	return folder;
}

const folder = folderWith([]);
const programs: readonly Program[] = [
	{ name: "bare handler", file: "bare.mjs", folder },
	{
		name: "this library",
		file: "library.mjs",
		folder,
		environment: { LOG_LEVEL: "warn" },
	},
	{ name: "this library, a log line a request", file: "library.mjs", folder },
	{
		name: "Deno's OpenTelemetry",
		file: "bare.mjs",
		folder,
		environment: {
			OTEL_DENO: "true",
			OTEL_DENO_CONSOLE: "ignore",
			OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
		},
	},
	{
		name: "OpenTelemetry SDK 3.1",
		file: "sdk.mjs",
		folder: folderWith(packages.sdk),
	},
	{
		name: "@vercel/otel 2.1, spans only",
		file: "vercel.mjs",
		folder: folderWith(packages.vercel),
	},
];

/** Milliseconds that the import takes, of fresh processes. */
async function importTime(program: Program): Promise<number> {
	const times: number[] = [];
	for (let each = 0; each < starts; each++) {
		const candidate = await begin(program);
		times.push(candidate.running.imported);
		end(candidate);
	}
	return median(times);
}

const candidates = await Promise.all(programs.map(begin));
const [bare] = candidates;
if (!bare) throw new Error("there is no bare handler to compare with");
for (const { running } of candidates) {
	for (let warm = 0; warm < 2000; warm++) await request(running);
}
await sleep(untilSent);

for (const candidate of candidates) candidate.begin();
// One after the other within a round, so that the machine's moods are the same for all, each as often the first as the last.
for (let round = 0; round < rounds; round++) {
	const first = round % candidates.length;
	const order = [...candidates.slice(first), ...candidates.slice(0, first)];
	for (const { running, wall } of order) {
		const from = performance.now();
		for (let one = 0; one < requestsARound; one++) await request(running);
		wall.push((performance.now() - from) / requestsARound);
	}
}
await sleep(untilSent);

const perRequest = rounds * requestsARound;
const base = { cpu: bare.spent().cpu, memory: bare.memory() };
console.log(
	"| under load | import, ms | added time, ms | added CPU, µs | sent, bytes | added memory, MB |",
);
console.log("| --- | --- | --- | --- | --- | --- |");
for (const candidate of candidates) {
	const { program, wall } = candidate;
	const { cpu, bytes } = candidate.spent();
	const added = wall.map((each, round) => each - (bare.wall[round] ?? 0));
	const imported = candidate === bare ? 0 : await importTime(program);
	console.log(
		`| ${program.name} | ${imported.toFixed(1)} | ${median(added).toFixed(3)} | ${((cpu - base.cpu) / perRequest).toFixed(0)} | ${(bytes / perRequest).toFixed(0)} | ${(candidate.memory() - base.memory).toFixed(0)} |`,
	);
}

for (const candidate of candidates) candidate.begin();
for (let one = 0; one < sparseRequests; one++) {
	await Promise.all(candidates.map(({ running }) => request(running)));
	await sleep(400);
}
await sleep(untilSent);
const idle = bare.spent().cpu;
console.log("\n| one request at a time | added CPU, µs | sent, bytes |");
console.log("| --- | --- | --- |");
for (const candidate of candidates) {
	const { cpu, bytes } = candidate.spent();
	console.log(
		`| ${candidate.program.name} | ${((cpu - idle) / sparseRequests).toFixed(0)} | ${(bytes / sparseRequests).toFixed(0)} |`,
	);
}

for (const candidate of candidates) end(candidate);
for (const program of programs) {
	rmSync(program.folder, { recursive: true, force: true });
}
