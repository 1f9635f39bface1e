// CPU and memory of the monitor as the package runs it, beside node_exporter and postgres_exporter at the same interval, on the same database.
// The peers are Debian's packages prometheus-node-exporter and prometheus-postgres-exporter.
// node scripts/build.ts && node bench/footprint.ts [minutes]
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbeddedPostgres } from "../src/embedded-postgres/server.ts";
import { freePort } from "../test/support/free-port.ts";

const minutes = Number(process.argv[2] ?? 5);
const interval = 15;
const ticksPerSecond = 100;

const folder = mkdtempSync(join(tmpdir(), "bench-footprint-"));
const database = await startEmbeddedPostgres(folder);
if (!database) throw new Error("the embedded Postgres is not installed");

interface Candidate {
	readonly name: string;
	readonly port: number;
	readonly child: ChildProcess;
	highest: number;
}

async function start(
	name: string,
	command: (port: number) => readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Promise<Candidate> {
	const port = await freePort();
	const [program = "", ...args] = command(port);
	const child = spawn(program, args, {
		cwd: folder,
		stdio: "ignore",
		env: { ...process.env, ...environment },
	});
	return { name, port, child, highest: 0 };
}

const monitor = new URL("../dist/cli.js", import.meta.url).pathname;
const candidates = [
	await start(
		"adult-matching-monitoring",
		(port) => [process.execPath, monitor, "start", "-p", `${port}`],
		{ DATABASE_URL: database.url, MONITORING_INTERVAL: `${interval}` },
	),
	await start("node_exporter", (port) => [
		"prometheus-node-exporter",
		`--web.listen-address=127.0.0.1:${port}`,
	]),
	await start(
		"postgres_exporter",
		(port) => [
			"prometheus-postgres-exporter",
			`--web.listen-address=127.0.0.1:${port}`,
		],
		{ DATA_SOURCE_NAME: `${database.url}?sslmode=disable` },
	),
];

/** CPU seconds that a process has used, and its resident memory in MB. */
function usage({ child }: Candidate): { cpu: number; memory: number } {
	const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
	const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(status) ?? [];
	return {
		cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
		memory: Number(kilobytes) / 1024,
	};
}

async function scrape(candidate: Candidate): Promise<number> {
	const url = `http://127.0.0.1:${candidate.port}/metrics`;
	const text = await (await fetch(url)).text();
	candidate.highest = Math.max(candidate.highest, usage(candidate).memory);
	return text.split("\n").filter((line) => line && !line.startsWith("#"))
		.length;
}

await sleep(10_000); // All have started, and are warm.
for (const candidate of candidates) await scrape(candidate);
const before = candidates.map(usage);
const rounds = Math.round((minutes * 60) / interval);
const series = candidates.map(() => 0);
for (let round = 0; round < rounds; round++) {
	await sleep(interval * 1000);
	for (const [i, candidate] of candidates.entries()) {
		series[i] = await scrape(candidate);
	}
}

console.log(`${rounds} rounds of ${interval} s:`);
console.log("| | series | CPU a round, ms | highest memory, MB |");
console.log("| --- | --- | --- | --- |");
for (const [i, candidate] of candidates.entries()) {
	const spent = usage(candidate).cpu - (before[i]?.cpu ?? 0);
	console.log(
		`| ${candidate.name} | ${series[i]} | ${((spent * 1000) / rounds).toFixed(1)} | ${candidate.highest.toFixed(0)} |`,
	);
}
for (const { child } of candidates) {
	child.kill();
	await once(child, "exit");
}
await database.stop();
rmSync(folder, { recursive: true });
