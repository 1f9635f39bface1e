// What monitoring costs a request on Deno: the library beside the bare handler, Deno's own OpenTelemetry,
// the OpenTelemetry SDK and @vercel/otel. The peers are installed into a temporary folder.
// node bench/edge-request.ts [rounds]
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, createServer, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "./median.ts";

const rounds = Number(process.argv[2] ?? 30);
const requestsARound = 200;
const starts = 7;
const ticksPerSecond = 100;

const programs = join(import.meta.dirname, "edge");
const root = join(import.meta.dirname, "..");
const deno = join(root, "node_modules/deno/deno");
const library = join(root, "supabase/functions/_shared/monitoring/logger.ts");

const packages = {
	sdk: [
		"@opentelemetry/api@1.10.0",
		"@opentelemetry/context-async-hooks@3.1.0",
		"@opentelemetry/sdk-trace@3.1.0",
		"@opentelemetry/sdk-metrics@3.1.0",
		"@opentelemetry/exporter-trace-otlp-http@0.301.0",
		"@opentelemetry/exporter-metrics-otlp-http@0.301.0",
	],
	// Of November 2026, it still asks for the 2.x line.
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

/** Takes all that is sent to it, and counts the bytes: one for each candidate. */
async function startCollector() {
	const received = { bytes: 0 };
	const server = createServer((request, response) => {
		request.on("data", (data) => {
			received.bytes += data.length;
		});
		request.on("end", () => {
			response.setHeader("content-type", "application/json");
			response.end("{}");
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	const port = typeof address === "object" ? address?.port : undefined;
	return { server, received, url: `http://127.0.0.1:${port}` };
}

function folderOf(name: keyof typeof packages | undefined): string {
	const folder = mkdtempSync(join(tmpdir(), "bench-edge-"));
	cpSync(programs, folder, { recursive: true });
	if (name) {
		const quiet = ["--no-audit", "--no-fund", "--ignore-scripts"];
		execFileSync("npm", ["install", ...quiet, ...packages[name]], {
			cwd: folder,
			stdio: "ignore",
		});
	}
	return folder;
}

interface Candidate {
	readonly name: string;
	readonly program: string;
	readonly folder: string;
	readonly environment?: Readonly<Record<string, string>>;
}

const plain = folderOf(undefined);
const candidates: readonly Candidate[] = [
	{ name: "bare handler", program: "bare.mjs", folder: plain },
	{
		name: "this library",
		program: "library.mjs",
		folder: plain,
		environment: { LOG_LEVEL: "warn" },
	},
	{
		name: "this library, with a log line a request",
		program: "library.mjs",
		folder: plain,
	},
	{
		name: "Deno's OpenTelemetry",
		program: "bare.mjs",
		folder: plain,
		environment: {
			OTEL_DENO: "true",
			OTEL_DENO_CONSOLE: "ignore",
			OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
		},
	},
	{
		name: "OpenTelemetry SDK 3.1",
		program: "sdk.mjs",
		folder: folderOf("sdk"),
	},
	{
		name: "@vercel/otel 2.1 (spans only)",
		program: "vercel.mjs",
		folder: folderOf("vercel"),
	},
];

interface Running {
	readonly collector: Awaited<ReturnType<typeof startCollector>>;
	readonly child: ChildProcess;
	readonly port: number;
	readonly imported: number;
	readonly agent: Agent;
}

class Result {
	/** Milliseconds a request, of each round. */
	readonly wall: number[] = [];
	cpu = 0;
}

async function start(candidate: Candidate): Promise<Running> {
	const collector = await startCollector();
	const args = ["run", "-A", "--no-check", "--quiet"];
	const modules = "--node-modules-dir=manual";
	const child = spawn(deno, [...args, modules, candidate.program], {
		cwd: candidate.folder,
		env: {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			LIBRARY: library,
			OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
			OTEL_SERVICE_NAME: "bench",
			...candidate.environment,
		},
		stdio: ["ignore", "pipe", "inherit"],
	});
	const line = await new Promise<string>((resolve) =>
		createInterface(child.stdout).once("line", resolve),
	);
	child.stdout.resume();
	const { port, imported } = JSON.parse(line);
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	return { child, port, imported, agent, collector };
}

function request({ port, agent }: Running): Promise<void> {
	return new Promise((resolve, reject) => {
		get({ port, agent, host: "127.0.0.1", path: "/bench" }, (response) => {
			response.resume();
			response.on("end", resolve);
		}).on("error", reject);
	});
}

/** Seconds of CPU that a process has used. */
function cpuOf({ child }: Running): number {
	const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function memoryOf({ child }: Running): number {
	const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

function stop({ child, agent, collector }: Running): void {
	child.kill("SIGKILL");
	agent.destroy();
	collector.server.closeAllConnections();
	collector.server.close();
}

async function importTime(candidate: Candidate): Promise<number> {
	const times: number[] = [];
	for (let each = 0; each < starts; each++) {
		const started = await start(candidate);
		times.push(started.imported);
		stop(started);
	}
	return median(times);
}

const running = await Promise.all(candidates.map(start));
for (const each of running) {
	for (let warm = 0; warm < 2000; warm++) await request(each);
}
await sleep(6000);
for (const { collector } of running) collector.received.bytes = 0;
// One candidate after the other within a round, so that the machine's moods are the same for all.
const results = running.map(() => new Result());
for (let round = 0; round < rounds; round++) {
	for (const [index, each] of running.entries()) {
		const result = results[index];
		if (!result) continue;
		const before = cpuOf(each);
		const from = performance.now();
		for (let one = 0; one < requestsARound; one++) await request(each);
		result.wall.push((performance.now() - from) / requestsARound);
		// What is sent after the responses belongs to them.
		await sleep(300);
		result.cpu += cpuOf(each) - before;
	}
}
// The peers send every 5 s.
await sleep(6000);

console.log(
	"| | import, ms | added to a request, ms | added CPU a request, µs | sent a request, bytes | memory over the bare handler's, MB |",
);
console.log("| --- | --- | --- | --- | --- | --- |");
const [bare] = results;
const [bareRunning] = running;
for (const [index, candidate] of candidates.entries()) {
	const result = results[index];
	const each = running[index];
	if (!result || !each || !bare || !bareRunning) continue;
	const count = rounds * requestsARound;
	const added = result.wall.map(
		(wall, round) => wall - (bare.wall[round] ?? 0),
	);
	const cpu = ((result.cpu - bare.cpu) / count) * 1e6;
	const imported = index === 0 ? 0 : await importTime(candidate);
	console.log(
		`| ${candidate.name} | ${imported.toFixed(1)} | ${median(added).toFixed(3)} | ${cpu.toFixed(0)} | ${(each.collector.received.bytes / count).toFixed(0)} | ${(memoryOf(each) - memoryOf(bareRunning)).toFixed(0)} |`,
	);
}
// Sparse traffic, where the library sends after every request, and the peers every 5 s.
const sparse = 100;
const before = running.map((each) => ({
	cpu: cpuOf(each),
	bytes: each.collector.received.bytes,
}));
for (let one = 0; one < sparse; one++) {
	await Promise.all(running.map(request));
	await sleep(400);
}
await sleep(6000);
console.log(
	"\n| one request at a time | CPU a request over the bare handler's, µs | sent a request, bytes |",
);
console.log("| --- | --- | --- |");
const spent = running.map(
	(each, index) => cpuOf(each) - (before[index]?.cpu ?? 0),
);
for (const [index, { name }] of candidates.entries()) {
	const cpu = ((spent[index] ?? 0) - (spent[0] ?? 0)) / sparse;
	const bytes =
		(running[index]?.collector.received.bytes ?? 0) -
		(before[index]?.bytes ?? 0);
	console.log(
		`| ${name} | ${(cpu * 1e6).toFixed(0)} | ${(bytes / sparse).toFixed(0)} |`,
	);
}
for (const each of running) stop(each);
for (const { folder } of candidates) {
	rmSync(folder, { recursive: true, force: true });
}
