import type pg from "pg";
import { leash } from "../../../scripts/stack/part.ts";
import { fixture, InstrumentedServer } from "../instrumented-server.ts";
import { type PostgresServer, startPostgres } from "../postgres.ts";
import { waitFor } from "../wait-for.ts";
import type { AlertingStack } from "./alerting-stack.ts";
import { SteadyRequests } from "./steady-requests.ts";

const schema = `
	CREATE TABLE items (
		shop text, id int, PRIMARY KEY (shop, id),
		price float8 DEFAULT 9.5, delay int DEFAULT 0, size int DEFAULT 10
	)`;

/** Without a price there is an exception, with a delay (in milliseconds) a long wait, and with a size of 0 a query that fails. */
interface Item {
	readonly price: number | null;
	readonly delay: number;
	readonly size: number;
}

/** Instrumented backends, each a service that answers steady requests for its 100 items, which are in a real Postgres. */
export class Shops {
	readonly #alerting: AlertingStack;
	readonly #postgres: PostgresServer;
	readonly #database: pg.Pool;
	readonly #servers: InstrumentedServer[] = [];
	readonly #requests: SteadyRequests[] = [];

	private constructor(alerting: AlertingStack, postgres: PostgresServer) {
		this.#alerting = alerting;
		this.#postgres = postgres;
		this.#database = postgres.pool();
	}

	/** Opens them, and waits until Prometheus knows the rates of their requests. */
	static async open(
		alerting: AlertingStack,
		names: readonly string[],
	): Promise<Shops> {
		const shops = new Shops(alerting, await startPostgres());
		try {
			await shops.#fill(names);
			await Promise.all(names.map((name) => shops.#start(name)));
			// Only now: while others start, requests are slow.
			for (const server of shops.#servers) {
				const url = `${await server.url()}/items/`;
				shops.#requests.push(new SteadyRequests(url));
			}
			await Promise.all(names.map((name) => shops.#untilBusy(name)));
		} catch (error) {
			await shops.close();
			throw error;
		}
		return shops;
	}

	async close(): Promise<void> {
		await Promise.all(this.#requests.map((each) => each.end()));
		await Promise.all(this.#servers.map((server) => server.kill()));
		await this.#postgres.stop();
	}

	/** Makes something wrong with the first so many of a shop's items. */
	async spoil<Name extends keyof Item>(
		shop: string,
		count: number,
		column: Name,
		value: Item[Name],
	): Promise<void> {
		await this.#database.query(
			`UPDATE items SET ${column} = $3 WHERE shop = $1 AND id < $2`,
			[shop, count, value],
		);
	}

	async mend(shop: string, column: keyof Item): Promise<void> {
		await this.#database.query(
			`UPDATE items SET ${column} = DEFAULT WHERE shop = $1`,
			[shop],
		);
	}

	async #fill(names: readonly string[]): Promise<void> {
		await this.#database.query(schema);
		await this.#database.query(
			`INSERT INTO items (shop, id)
				SELECT shop, id FROM unnest($1::text[]) shop, generate_series(0, 99) id`,
			[names],
		);
	}

	async #start(name: string): Promise<void> {
		const environment = {
			...this.#alerting.environment,
			DATABASE_URL: this.#postgres.url(),
			OTEL_SERVICE_NAME: name,
		};
		const file = fixture("shop.mjs");
		const server = new InstrumentedServer(file, environment, [], leash);
		this.#servers.push(server);
		await server.get("/items/0");
	}

	async #untilBusy(name: string): Promise<void> {
		const count = `sum(increase(adult_matching_requests_total{job="${name}"}[10s]))`;
		await waitFor(
			async () => ((await this.#alerting.stack.value(count)) ?? 0) > 80,
			60,
		);
	}
}
