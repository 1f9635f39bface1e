import type { DatabaseSync, StatementSync } from "node:sqlite";
import { countUp, type Entry, type UpCount } from "./entry.ts";
import type { Words } from "./words.ts";

const hourMs = 3_600_000;
/** Hours are kept for as long as the longest uptime is told, however long entries are. */
const keptMs = 31 * 24 * hourMs;

/** How many checks of each hour found their component up: some hundred bytes a component and day. */
export class Hours {
	readonly #add: StatementSync;
	readonly #sum: StatementSync;
	readonly #forget: StatementSync;

	constructor(database: DatabaseSync) {
		this.#add = database.prepare(
			`INSERT INTO hour VALUES (?, ?, ?, ?) ON CONFLICT (hour, name)
			DO UPDATE SET up = up + excluded.up, total = total + excluded.total`,
		);
		this.#sum = database.prepare(
			"SELECT name, sum(up) AS up, sum(total) AS total FROM hour WHERE hour >= ? GROUP BY name",
		);
		this.#forget = database.prepare("DELETE FROM hour WHERE hour < ?");
	}

	/** Counts entries, within the transaction that writes them. */
	add(entries: readonly Entry[], words: Words): void {
		const counts = countUp(
			entries.filter(({ scope }) => scope === "integration"),
			({ at, name }) => `${Math.floor(at / hourMs)} ${name}`,
		);
		for (const [key, { up, total }] of counts) {
			const space = key.indexOf(" ");
			const name = words.keep(key.slice(space + 1));
			this.#add.run(Number(key.slice(0, space)), name, up, total);
		}
	}

	/** The counts of each name from the hour on in which a Unix time in ms lies. */
	since(ms: number, words: Words): Map<string, UpCount> {
		const rows = this.#sum.all(Math.floor(ms / hourMs));
		return new Map(
			rows.flatMap(({ name, up, total }) => {
				const text = words.read(name);
				const count = { up: Number(up), total: Number(total) };
				return text === undefined ? [] : [[text, count] as const];
			}),
		);
	}

	bound(now: number): void {
		this.#forget.run(Math.floor((now - keptMs) / hourMs));
	}
}
