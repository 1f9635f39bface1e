import { afterAll, beforeAll, expect, test } from "vitest";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { alerts, titleOf } from "../unit/alerts/alert-files.ts";
import { runbooks } from "../unit/alerts/runbooks.ts";

let server: PostgresServer;
beforeAll(async () => {
	server = await startPostgres();
	const client = await server.connect();
	await client.query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
});
afterAll(async () => {
	await server?.stop();
});

/** What a text has psql ask of the monitored database. */
function statements(text: string): string[] {
	return [...text.matchAll(/psql "\$\w+" -c "([^"]+)"/g)].map(
		([, sql = ""]) => sql,
	);
}

const asked = [
	...runbooks.flatMap(({ name, code }) =>
		statements(code("sh").join("\n")).map((sql) => ({ of: name, sql })),
	),
	...alerts.flatMap((alert) =>
		statements(alert.annotations.description ?? "").map((sql) => ({
			of: titleOf(alert),
			sql,
		})),
	),
].filter(({ sql }) => !sql.includes("<"));

test.each(asked)("Postgres answers what $of asks: $sql", async ({ sql }) => {
	const client = await server.connect();
	await expect(client.query(sql)).resolves.toHaveProperty("rows");
});

test("there is something to ask", () => {
	expect(asked.length).toBeGreaterThan(10);
});
