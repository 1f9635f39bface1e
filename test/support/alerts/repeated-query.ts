import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

/** A query that a client asks again and again, until it is stopped. */
export class RepeatedQuery {
	readonly #client: pg.Client;
	readonly #sql: string;
	readonly #done: Promise<void>;
	#isOn = true;

	constructor(client: pg.Client, sql: string) {
		this.#client = client;
		this.#sql = sql;
		this.#done = this.#run();
	}

	async stop(): Promise<void> {
		this.#isOn = false;
		await this.#done;
	}

	async #run(): Promise<void> {
		while (this.#isOn) {
			await this.#client.query(this.#sql);
			await sleep(100);
		}
	}
}
