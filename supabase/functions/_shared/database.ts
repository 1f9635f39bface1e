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
});

database.on("error", (error) => {
	createLogger("database").warn("A connection to Postgres was lost", error);
});

/** Whether Postgres answers, for health checks. */
export async function databaseAnswers(): Promise<boolean> {
	await database.query("SELECT 1");
	return true;
}
