import { afterAll, beforeAll, expect, test } from "vitest";
import { createPostgresCollector } from "../../src/system/postgres/collector.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";

let server: PostgresServer;

beforeAll(async () => {
	server = await startPostgres({
		log_line_prefix: "%a|",
		log_statement: "all",
		log_error_verbosity: "terse",
	});
	const client = await server.connect();
	await client.query("CREATE EXTENSION pg_stat_statements");
	await client.end();
});
afterAll(() => server?.stop());

/** What the server logged of the monitor's sessions, an entry in one line each. */
function logged(): string[] {
	return server
		.log()
		.replaceAll(/\n[\t ]+/g, " ")
		.split("\n")
		.filter((line) => line.startsWith("adult_matching_monitoring|"))
		.map((line) => line.replace("adult_matching_monitoring|", ""));
}

test("a collection is one read-only transaction of simple queries, with its own time limits, and no error", async () => {
	const collector = createPostgresCollector({
		url: server.url(),
		timeLimit: 4,
	});
	await collector.collect(new AbortController().signal);
	await collector.collect(new AbortController().signal);
	await collector.close?.();
	const commit = "LOG:  statement: COMMIT";
	await expect
		.poll(() => logged().filter((entry) => entry === commit).length)
		.toBe(2);

	const entries = logged();
	expect(entries.every((entry) => entry.startsWith("LOG:  statement: "))).toBe(
		true,
	);
	const first = entries.slice(0, entries.length / 2);
	expect(entries.slice(entries.length / 2)).toEqual(first);
	expect(first[0]).toBe("LOG:  statement: BEGIN READ ONLY");
	for (const setting of [
		"'search_path', 'pg_catalog, pg_temp', true",
		"'statement_timeout', '2000', true",
		"'lock_timeout', '1000', true",
		"'idle_in_transaction_session_timeout', '8000', true",
	]) {
		expect(first[1]).toContain(setting);
	}
	expect(first.indexOf(commit)).toBe(first.length - 1);
});
