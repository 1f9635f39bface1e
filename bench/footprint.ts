// CPU and memory of the monitor as the package runs it, beside node_exporter and postgres_exporter at the same interval, on the same database.
// The peers are Debian's packages prometheus-node-exporter and prometheus-postgres-exporter.
// node scripts/build.ts && node bench/footprint.ts [minutes]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbeddedPostgres } from "../src/embedded-postgres/server.ts";
import { Candidate } from "./candidate.ts";

const minutes = Number(process.argv[2] ?? 5);
const interval = 15;

const folder = mkdtempSync(join(tmpdir(), "bench-footprint-"));
const database = await startEmbeddedPostgres(folder);
if (!database) throw new Error("the embedded Postgres is not installed");

function start(
	name: string,
	command: (port: number) => readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Promise<Candidate> {
	return Candidate.start(name, folder, command, environment);
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

async function scrape(candidate: Candidate): Promise<number> {
	const text = await (await fetch(`${candidate.url}/metrics`)).text();
	candidate.noteMemory();
	return text.split("\n").filter((line) => line && !line.startsWith("#"))
		.length;
}

await sleep(10_000); // All have started, and are warm.
for (const candidate of candidates) await scrape(candidate);
const before = candidates.map((candidate) => candidate.cpu());
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
	const spent = candidate.cpu() - (before[i] ?? 0);
	console.log(
		`| ${candidate.name} | ${series[i]} | ${((spent * 1000) / rounds).toFixed(1)} | ${candidate.highest.toFixed(0)} |`,
	);
}
for (const candidate of candidates) await candidate.end();
await database.stop();
rmSync(folder, { recursive: true });
