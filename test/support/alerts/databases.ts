import { join } from "node:path";
import { removeFolder, temporaryFolder } from "../monitor-process.ts";
import { type PostgresServer, startPostgres } from "../postgres.ts";
import type { AlertingStack } from "./alerting-stack.ts";
import { BusyDatabase } from "./busy-database.ts";
import { ReplicatedDatabase } from "./replicated-database.ts";
import { SendingMonitor } from "./sending-monitor.ts";
import { makeStandInProc } from "./stand-in-proc.ts";

/** Databases of which each can have faults that the others do not notice, and a monitor for each server. */
export class Databases {
	readonly replicated: ReplicatedDatabase;
	readonly busy: BusyDatabase;
	/** Is killed. */
	readonly frail: PostgresServer;
	readonly #folder = temporaryFolder();
	readonly #monitors: SendingMonitor[] = [];

	private constructor(
		replicated: ReplicatedDatabase,
		busy: BusyDatabase,
		frail: PostgresServer,
	) {
		this.replicated = replicated;
		this.busy = busy;
		this.frail = frail;
	}

	/** @param replica how the standby of the replicated one is known */
	static async start(
		alerting: AlertingStack,
		replica: string,
	): Promise<Databases> {
		const databases = new Databases(
			...(await Promise.all([
				ReplicatedDatabase.start(replica),
				BusyDatabase.start(),
				startPostgres(),
			])),
		);
		try {
			await databases.#watch(alerting);
		} catch (error) {
			await databases.stop();
			throw error;
		}
		return databases;
	}

	async stop(): Promise<void> {
		for (const monitor of this.#monitors) await monitor.end();
		await this.replicated.stop();
		await this.busy.server.stop();
		await this.frail.stop();
		removeFolder(this.#folder);
	}

	async #watch(alerting: AlertingStack): Promise<void> {
		const proc = join(this.#folder, "proc");
		makeStandInProc(proc);
		const { primary, standby } = this.replicated;
		for (const server of [primary, standby, this.busy.server, this.frail]) {
			const environment = { DATABASE_URL: server.url(), HOST_PROC: proc };
			this.#monitors.push(
				await SendingMonitor.start(alerting, {}, { environment }),
			);
		}
	}
}
