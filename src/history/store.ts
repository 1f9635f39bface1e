import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Entry, Scope, UpCount } from "./entry.ts";
import { Facts } from "./facts.ts";
import { Hours } from "./hours.ts";
import { Words } from "./words.ts";

export interface Bounds {
	readonly retentionMs: number;
	/** Of the file and its write-ahead log together. */
	readonly maxBytes: number;
}

const longestReason = 500;
/** Entries that are written or removed at once: some ms of the event loop. */
export const chunk = 1000;
const scopes: readonly Scope[] = ["system", "integration"];

/** The entries in an open database, bounded by age and by size. */
export class Store {
	readonly #database: DatabaseSync;
	readonly #bounds: Bounds;
	#words: Words;
	readonly #hours: Hours;
	readonly facts: Facts;
	readonly #pageSize: number;
	readonly #mostPages: number;
	readonly #insert: StatementSync;
	readonly #select: StatementSync;
	readonly #endOfOldest: StatementSync;
	readonly #removeUntil: StatementSync;
	readonly #pageCount: StatementSync;

	constructor(database: DatabaseSync, bounds: Bounds) {
		this.#database = database;
		this.#bounds = bounds;
		this.#words = new Words(database);
		this.#hours = new Hours(database);
		this.facts = new Facts(database);
		this.#insert = database.prepare(
			"INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
		);
		this.#select = database.prepare(
			`SELECT at, name, state, reason, lower(hex(trace_id)), duration_us FROM entry
			WHERE at >= ? AND scope = ? AND (?3 IS NULL OR name = ?3) ORDER BY at`,
		);
		// Arrays take half the time of objects.
		this.#select.setReturnArrays(true);
		this.#endOfOldest = database.prepare(
			`SELECT at FROM entry ORDER BY at LIMIT 1 OFFSET ${chunk - 1}`,
		);
		this.#removeUntil = database.prepare("DELETE FROM entry WHERE at <= ?");
		this.#pageCount = database.prepare("PRAGMA page_count");

		this.#pageSize = Number(
			database.prepare("PRAGMA page_size").get()?.page_size,
		);
		const logBytes = Math.min(4_000_000, bounds.maxBytes / 8);
		const logPages = Math.floor(logBytes / this.#pageSize);
		database.exec(`PRAGMA wal_autocheckpoint = ${logPages}`);
		// The log grows beyond its bound by one transaction.
		this.#mostPages = (bounds.maxBytes - 2 * logBytes) / this.#pageSize;
	}

	/** Writes all of the entries, or none. Of two with one time, scope and name the later stands. */
	add(entries: readonly Entry[]): void {
		this.#database.exec("BEGIN");
		try {
			for (const entry of entries) this.#insert.run(...this.#row(entry));
			this.#hours.add(entries, this.#words);
			this.#database.exec("COMMIT");
		} catch (error) {
			if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
			// Some of them are rolled back.
			this.#words = new Words(this.#database);
			throw error;
		}
	}

	/** Oldest first, by their own time. */
	entries(scope: Scope, since: number, name: string | undefined): Entry[] {
		const id = name === undefined ? null : this.#words.find(name);
		if (id === undefined) return [];
		return this.#select.all(since, scopes.indexOf(scope), id).flatMap((row) => {
			const entryName = this.#words.read(row[1]);
			const state = this.#words.read(row[2]);
			if (entryName === undefined || state === undefined) return [];
			return {
				at: Number(row[0]),
				scope,
				name: entryName,
				state,
				reason: this.#words.read(row[3]),
				traceId: typeof row[4] === "string" && row[4] ? row[4] : undefined,
				durationMs: typeof row[5] === "number" ? row[5] / 1000 : undefined,
			};
		});
	}

	/** How many checks of each name there were from a Unix time in ms on, to the hour, and how many found it up. */
	upCounts(since: number): Map<string, UpCount> {
		return this.#hours.since(since, this.#words);
	}

	/** Removes some of what is too old, and the oldest for as long as the file is too large. */
	bound(now: number): void {
		this.#removeOldest(now - this.#bounds.retentionMs);
		this.#hours.bound(now);
		while (this.#pages() > this.#mostPages) {
			if (!this.#removeOldest(Number.POSITIVE_INFINITY)) break;
		}
	}

	close(): void {
		this.#database.close();
	}

	#row({ at, scope, name, state, reason, traceId, durationMs }: Entry) {
		return [
			at,
			scopes.indexOf(scope),
			this.#words.keep(name),
			this.#words.keep(state),
			reason === undefined
				? null
				: this.#words.keepIfRoom(reason.slice(0, longestReason)),
			traceId === undefined ? null : Buffer.from(traceId, "hex"),
			durationMs === undefined ? null : Math.round(durationMs * 1000),
		];
	}

	/** Removes up to a chunk of the entries until a time; gives whether there were any. */
	#removeOldest(until: number): boolean {
		const end = this.#endOfOldest.get()?.at ?? Number.POSITIVE_INFINITY;
		const { changes } = this.#removeUntil.run(Math.min(until, Number(end)));
		if (changes === 0) return false;
		this.#database.exec("PRAGMA incremental_vacuum");
		return true;
	}

	#pages(): number {
		return Number(this.#pageCount.get()?.page_count);
	}
}
