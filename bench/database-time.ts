// Time that one collection of Postgres takes, with 10 and with 1,000 tables.
// node bench/database-time.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedPostgres } from "../src/embedded-postgres/server.ts";
import { createPostgresCollector } from "../src/system/postgres/collector.ts";
import { median } from "./median.ts";

const collections = 200;

const folder = mkdtempSync(join(tmpdir(), "bench-database-"));
const database = await startEmbeddedPostgres(folder);
if (!database) throw new Error("the embedded Postgres is not installed");
const client = new pg.Client(database.url);
await client.connect();

/** Milliseconds that the monitor's own statements have taken in the server so far. */
async function spent(): Promise<number> {
	const { rows } = await client.query(
		"SELECT sum(total_exec_time + total_plan_time) AS spent FROM pg_stat_statements WHERE queryid NOT IN (SELECT queryid FROM bench_ignored)",
	);
	return Number(rows[0].spent);
}

await client.query("ALTER SYSTEM SET pg_stat_statements.track_planning = on");
await client.query("SELECT pg_reload_conf()");
await client.query("CREATE TABLE bench_ignored (queryid bigint)");

console.log("| tables | in the server, ms | in all, median ms |");
console.log("| --- | --- | --- |");
let tables = 0;
for (const wanted of [10, 1000]) {
	for (; tables < wanted; tables++) {
		await client.query(
			`CREATE TABLE bench_${tables} (id int PRIMARY KEY, text text)`,
		);
		await client.query(
			`INSERT INTO bench_${tables} SELECT i, repeat('x', 100) FROM generate_series(1, 100) i`,
		);
	}
	await client.query("VACUUM ANALYZE");
	await client.query("SELECT pg_stat_statements_reset()");
	const collector = createPostgresCollector({ url: database.url });
	const times: number[] = [];
	for (let i = 0; i < collections; i++) {
		const begin = performance.now();
		const { problems = [] } = await collector.collect(
			new AbortController().signal,
		);
		if (problems.length > 0) throw new Error(problems.join("\n"));
		times.push(performance.now() - begin);
	}
	await collector.close?.();
	const inServer = (await spent()) / collections;
	console.log(
		`| ${wanted} | ${inServer.toFixed(1)} | ${median(times).toFixed(1)} |`,
	);
}
await client.end();
await database.stop();
rmSync(folder, { recursive: true });
