import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, startDeno } from "../../edge/child.ts";
import { Watching } from "../integration.ts";
import { waitFor } from "../wait-for.ts";
import type { AlertingStack } from "./alerting-stack.ts";
import { SteadyRequests } from "./steady-requests.ts";

/** Without a price a function throws, with less than no boxes its model does; after a delay, in milliseconds, it is slow. */
interface Item {
	price: number | null;
	delay: number;
	boxes: number;
}

const good: Item = { price: 9.5, delay: 0, boxes: 10 };

/** Edge functions, each in a Deno of its own, that answer steady requests for 100 items, which they have from a backend. */
export class EdgeShops {
	readonly #alerting: AlertingStack;
	readonly #items: ReadonlyMap<string, readonly Item[]>;
	readonly #servers = new Watching();
	readonly #functions: Child[] = [];
	readonly #requests: SteadyRequests[] = [];
	/** The shop whose spans are refused by what stands between the functions and the collector. */
	spansRefusedOf: string | undefined;

	private constructor(alerting: AlertingStack, names: readonly string[]) {
		this.#alerting = alerting;
		this.#items = new Map(
			names.map((name) => [
				name,
				Array.from({ length: 100 }, () => ({ ...good })),
			]),
		);
	}

	/** Opens them, and waits until Prometheus has the counts of their requests. */
	static async open(
		alerting: AlertingStack,
		names: readonly string[],
	): Promise<EdgeShops> {
		const shops = new EdgeShops(alerting, names);
		try {
			await shops.#start();
			await Promise.all(names.map((name) => shops.#untilBusy(name)));
		} catch (error) {
			await shops.close();
			throw error;
		}
		return shops;
	}

	async close(): Promise<void> {
		await Promise.all(this.#requests.map((each) => each.end()));
		await Promise.all(this.#functions.map((each) => each.stop()));
		await this.#servers.remove();
	}

	/** Makes something wrong with the first so many of a shop's items. */
	spoil(shop: string, count: number, wrong: Partial<Item>): void {
		for (const item of this.#items.get(shop)?.slice(0, count) ?? []) {
			Object.assign(item, wrong);
		}
	}

	mend(shop: string, what: keyof Item): void {
		this.spoil(shop, 100, { [what]: good[what] });
	}

	async #start(): Promise<void> {
		const backend = await this.#servers.serve((request, response) =>
			this.#answer(request, response),
		);
		const gateway = await this.#servers.serve((request, response) =>
			this.#passOn(request, response),
		);
		const token = this.#alerting.stack.programs.edgeToken;
		const start = async (name: string) => {
			const child = await startDeno("shop.ts", {
				SHOP: name,
				BACKEND: backend,
				LOG_LEVEL: "error",
				OTEL_EXPORTER_OTLP_ENDPOINT: `${gateway}/${name}`,
				OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${token}`,
			});
			this.#functions.push(child);
		};
		await Promise.all([...this.#items.keys()].map(start));
		// Only now: while others start, requests are slow.
		for (const { announced } of this.#functions) {
			const url = `http://127.0.0.1:${announced.port}/items/`;
			this.#requests.push(new SteadyRequests(url));
		}
	}

	async #answer(
		{ url = "" }: IncomingMessage,
		response: ServerResponse,
	): Promise<void> {
		const [, shop = "", id] = url.split("/");
		const item = this.#items.get(shop)?.[Number(id)];
		await sleep(item?.delay);
		response.end(JSON.stringify(item));
	}

	async #passOn(
		request: IncomingMessage,
		response: ServerResponse,
	): Promise<void> {
		const body = await buffer(request);
		const [, shop, ...path] = request.url?.split("/") ?? [];
		if (shop === this.spansRefusedOf && path.at(-1) === "traces") {
			response.writeHead(413).end();
			return;
		}
		const { authorization = "" } = request.headers;
		const collector = this.#alerting.stack.urls.edgeOtlp;
		const answer = await fetch(`${collector}/${path.join("/")}`, {
			method: "POST",
			headers: {
				authorization,
				"content-type": "application/json",
				"content-encoding": "gzip",
			},
			body,
		});
		response.writeHead(answer.status).end(await answer.text());
	}

	async #untilBusy(name: string): Promise<void> {
		const count = `sum(increase(adult_matching_edge_requests_total{function="${name}"}[1m] anchored))`;
		await waitFor(
			async () => ((await this.#alerting.stack.value(count)) ?? 0) > 100,
			60,
		);
	}
}
