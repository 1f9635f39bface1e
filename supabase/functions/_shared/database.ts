import process from "node:process";
import { Pool } from "pg";
import { createLogger } from "./monitoring/logger.ts";

/** Postgres, as Supabase names it to its functions. An isolate needs few connections: there are many isolates. */
export const database = new Pool({
	connectionString: process.env.SUPABASE_DB_URL,
	application_name: "edge functions",
	max: 2,
	connectionTimeoutMillis: 3000,
	statement_timeout: 5000,
	// Where Postgres hangs as a whole, it does not end a statement either.
	query_timeout: 6000,
});

database.on("error", (error) => {
	createLogger("database").warn("A connection to Postgres was lost", error);
});

/** Whether Postgres answers, for health checks. */
export async function databaseAnswers(): Promise<boolean> {
	await database.query("SELECT 1");
	return true;
}

/** Whether a monitor asks, and no user: it says so, and what it does is no user's action. */
export function isSynthetic(request: Request): boolean {
	return request.headers.has("x-synthetic");
}
