import type pg from "pg";
import { type PostgresServer, password, startPostgres } from "../postgres.ts";
import type { AlertingStack } from "./alerting-stack.ts";
import { anyMachine } from "./any-machine.ts";
import { SendingMonitor } from "./sending-monitor.ts";

const role = `CREATE ROLE monitor LOGIN PASSWORD '${password}' IN ROLE pg_monitor`;
const statements = "EXECUTE ON FUNCTION pg_stat_statements(boolean)";

/** A Postgres, and a monitor that reads it in a role that is no superuser's. */
export class MonitoredDatabase {
	readonly #server: PostgresServer;
	readonly #superuser: pg.Client;
	#monitor: SendingMonitor | undefined;

	private constructor(server: PostgresServer, superuser: pg.Client) {
		this.#server = server;
		this.#superuser = superuser;
	}

	static async start(): Promise<MonitoredDatabase> {
		const server = await startPostgres();
		const superuser = await server.connect();
		await superuser.query("CREATE EXTENSION pg_stat_statements");
		await superuser.query(role);
		return new MonitoredDatabase(server, superuser);
	}

	/** What has a monitor read it. */
	get environment(): Readonly<Record<string, string>> {
		return { DATABASE_URL: this.#server.url({ user: "monitor" }) };
	}

	async startMonitor(alerting: AlertingStack): Promise<void> {
		this.#monitor = await SendingMonitor.start(
			alerting,
			{ alert_thresholds: anyMachine },
			{ environment: this.environment },
		);
	}

	async endMonitor(): Promise<void> {
		await this.#monitor?.end();
	}

	/** Takes the right to read the statements from the monitors. */
	async forbidStatements(): Promise<void> {
		await this.#superuser.query(`REVOKE ${statements} FROM PUBLIC`);
	}

	async allowStatements(): Promise<void> {
		await this.#superuser.query(`GRANT ${statements} TO PUBLIC`);
	}

	/** Ends the monitor too. */
	async stop(): Promise<void> {
		await this.endMonitor();
		await this.#server.stop();
	}
}
