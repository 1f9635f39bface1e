// Brings the demo's schema to the state of now, from nothing if need be. Run by examples/demo.ts before anything else.
import { readFileSync } from "node:fs";
import type { ClientBase } from "pg";
import { refresh } from "./backend/data-sync/refresh.ts";
import { batches, inTransaction, openDatabase } from "./database/database.ts";
import { Models, storeModel } from "./database/models.ts";
import { untrained } from "./model/two-tower.ts";
import { userCount, userOf } from "./source/users.ts";

const schema = new URL("database/schema.sql", import.meta.url);

// Nobody wants it any more: Postgres undoes what is not committed.
process.once("disconnect", () => process.exit(1));
// Not kept running by that.
process.channel?.unref();

const pool = openDatabase("seed", () => {});
try {
	await inTransaction(pool, fill);
	await refresh(pool, new Models());
} finally {
	await pool.end();
}

/** Makes the tables, and what is in them from the start. */
async function fill(client: ClientBase): Promise<void> {
	// Two who seed at the same time would both create the tables.
	await client.query("SELECT pg_advisory_xact_lock(hashtext('demo'))");
	await client.query(readFileSync(schema, "utf8"));
	const { rowCount } = await client.query(
		"INSERT INTO demo.source DEFAULT VALUES ON CONFLICT DO NOTHING",
	);
	const isFilled = rowCount === 0;
	if (isFilled) return;
	await addUsers(client);
	await storeModel(client, untrained());
}

async function addUsers(client: ClientBase): Promise<void> {
	const users = Array.from({ length: userCount }, (_, number) =>
		userOf(number),
	);
	for (const batch of batches(users)) {
		await client.query(
			`INSERT INTO demo.users (id, name, email, interests, region)
			SELECT * FROM jsonb_to_recordset($1::jsonb)
				AS new_user (id uuid, name text, email text, interests text[], region text)`,
			[JSON.stringify(batch)],
		);
	}
}
