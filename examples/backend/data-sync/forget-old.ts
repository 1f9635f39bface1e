import type { ClientBase } from "pg";

/** Removes what is kept for a time only, so that the tables don't grow for ever. */
export async function forgetOld(client: ClientBase): Promise<void> {
	await client.query(
		"DELETE FROM demo.user_actions WHERE acted_at < now() - interval '1 hour'",
	);
	await client.query(
		"DELETE FROM demo.users WHERE email IS NULL AND created_at < now() - interval '1 day'",
	);
}
