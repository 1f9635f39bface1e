import { join } from "node:path";
import { z } from "zod";
import { Stack, type StackOptions } from "../../scripts/stack/stack.ts";
import { removeFolder, temporaryFolder } from "./monitor-process.ts";
import { program } from "./program.ts";

const programs = [program("otelcol"), program("prometheus")];

/** Whether a program is not built, so that tests on the stack are to be skipped. */
export const isStackMissing = programs.some(({ isMissing }) => isMissing);

const answer = z.object({
	data: z.object({
		result: z.array(
			z.object({
				metric: z.record(z.string(), z.string()),
				value: z.tuple([z.number(), z.string()]).optional(),
				values: z.array(z.tuple([z.number(), z.string()])).optional(),
			}),
		),
	}),
});
const exemplars = z.object({
	data: z.array(
		z.object({
			seriesLabels: z.record(z.string(), z.string()),
			exemplars: z.array(
				z.object({ labels: z.record(z.string(), z.string()) }),
			),
		}),
	),
});
const stats = z.object({
	requests: z.int(),
	spans: z.int(),
	distinct: z.int(),
});
const trace = z.object({
	spans: z.array(
		z.object({
			spanId: z.string(),
			parentSpanId: z.string(),
			name: z.string(),
			service: z.string(),
		}),
	),
});

export interface Series {
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
	/** Of a range: times in seconds, and values. */
	readonly samples: readonly (readonly [time: number, value: number])[];
}

/** The pipeline's programs on free ports and in a folder of their own. */
export class TestStack {
	readonly programs: Stack;
	readonly #folder: string;

	private constructor(programs: Stack, folder: string) {
		this.programs = programs;
		this.#folder = folder;
	}

	/** @param prepare may change the copies of config files in the stack's folder, before they are read */
	static async start(
		options: Partial<StackOptions> = {},
		prepare: (folder: string) => void = () => {},
	): Promise<TestStack> {
		const folder = options.folder ?? temporaryFolder();
		const programs = await Stack.create({
			folder,
			usualPorts: false,
			keep: { spans: 2_000_000, bytes: 50_000_000 },
			...options,
		});
		const stack = new TestStack(programs, folder);
		try {
			prepare(folder);
			await programs.start();
		} catch (error) {
			await stack.end();
			throw error;
		}
		return stack;
	}

	async end(): Promise<void> {
		await this.programs.end("SIGKILL");
		removeFolder(this.#folder);
	}

	get urls(): Stack["urls"] {
		return this.programs.urls;
	}

	path(...parts: string[]): string {
		return join(this.#folder, ...parts);
	}

	/** The answer of Prometheus to a query, now or at a time in seconds since 1970. */
	async query(query: string, time?: number): Promise<Series[]> {
		return this.#ask("query", {
			query,
			...(time !== undefined && { time: `${time}` }),
		});
	}

	/** The same over the last minutes, with a step in seconds. */
	async range(query: string, minutes: number, step: number): Promise<Series[]> {
		const end = Date.now() / 1000;
		const start = end - minutes * 60;
		const numbers = { start: `${start}`, end: `${end}`, step: `${step}` };
		return this.#ask("query_range", { query, ...numbers });
	}

	/** The value of a query with one series as its answer; `undefined` while there is none. */
	async value(query: string): Promise<number | undefined> {
		const series = await this.query(query);
		if (series.length > 1) throw new Error(`several series: ${query}`);
		return series[0]?.value;
	}

	async #ask(api: string, parameters: Record<string, string>) {
		const json = await this.prometheus(api, parameters);
		const { data } = answer.parse(json);
		return data.result.map(({ metric, value, values = [] }) => ({
			labels: metric,
			value: Number(value?.[1]),
			samples: values.map(([time, text]) => [time, Number(text)] as const),
		}));
	}

	/** What Prometheus' API answers. */
	async prometheus(
		api: string,
		parameters: Record<string, string> = {},
	): Promise<unknown> {
		const url = `${this.urls.prometheus}/api/v1/${api}?${new URLSearchParams(parameters)}`;
		const response = await fetch(url);
		if (response.ok) return await response.json();
		throw new Error(`${url}: ${response.status} ${await response.text()}`);
	}

	/** The trace ids of a query's exemplars. */
	async exemplarTraces(query: string): Promise<string[]> {
		const start = `${Date.now() / 1000 - 3600}`;
		const end = `${Date.now() / 1000 + 60}`;
		const json = await this.prometheus("query_exemplars", {
			query,
			start,
			end,
		});
		return exemplars
			.parse(json)
			.data.flatMap((series) =>
				series.exemplars.map(({ labels }) => labels.trace_id ?? ""),
			);
	}

	async trace(id: string) {
		const response = await fetch(`${this.urls.sink}/api/v2/traces/${id}`);
		return response.ok ? trace.parse(await response.json()).spans : [];
	}

	async sinkStats(): Promise<z.infer<typeof stats>> {
		const response = await fetch(`${this.urls.sink}/stats`);
		return stats.parse(await response.json());
	}

	/** How often each span came to the sink, by id. */
	async sinkSpans(): Promise<Map<string, number>> {
		const text = await (await fetch(`${this.urls.sink}/spans`)).text();
		const lines = text.split("\n").filter((line) => line !== "");
		return new Map(
			lines.map((line): [string, number] => {
				const [id = "", times] = line.split(" ");
				return [id, Number(times)];
			}),
		);
	}
}
