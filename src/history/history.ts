import type { Entry, Scope, UpCount } from "./entry.ts";
import { type HistoryLog, LastingStore } from "./lasting-store.ts";
import { chunk } from "./store.ts";

export type { Entry, Scope, UpCount } from "./entry.ts";
export type { HistoryLog } from "./lasting-store.ts";

export interface HistoryOptions {
	/** The file; its folder is made. */
	readonly path: string;
	/** Days after which an entry is removed. */
	readonly retentionDays: number;
	/** Most bytes that the file may have, its write-ahead log included; the oldest entries are removed for it. 250 MB unless given, 1 MB at least. */
	readonly maxBytes?: number;
	readonly log: HistoryLog;
}

/** Past states, kept in a file through restarts. */
export interface History {
	/**
	 * Keeps an entry. It is written within a second: a process that is killed loses no more than that.
	 * @throws RangeError if `at` is no whole number of ms
	 */
	record(entry: Entry): void;
	/** The entries of a scope, and of one name if given, from a Unix time in ms on; oldest first. */
	entries(scope: Scope, sinceMs: number, name?: string): Entry[];
	/** How many checks of each name of the scope `integration` there were from a Unix time in ms on, to the hour. */
	upCounts(sinceMs: number): ReadonlyMap<string, UpCount>;
	/** Keeps a text by a name, in the place of the one before, for `recall` even after a restart. */
	remember(name: string, value: string): void;
	recall(name: string): string | undefined;
	/** Writes what is left and lets go of the file. A second call changes nothing; nothing is kept after it. */
	close(): void;
}

/**
 * Opens the history, and never fails: a damaged file is set aside and a new one begun; where no file can be
 * written, or another process has it open, the history is kept in memory. Either is told by one warning.
 */
export function openHistory(options: HistoryOptions): History {
	return new BufferedHistory(options);
}

const day = 86_400_000;
const flushDelay = 1000;
/** Entries that wait for a file that cannot be written just now. */
const mostPending = 10_000;

class BufferedHistory implements History {
	readonly #store: LastingStore;
	readonly #retentionMs: number;
	/** Recorded, and not written yet. */
	#pending: Entry[] = [];
	#timer: NodeJS.Timeout | undefined;
	#isOpen = true;

	constructor({ path, retentionDays, maxBytes, log }: HistoryOptions) {
		this.#retentionMs = retentionDays * day;
		const bounds = {
			retentionMs: this.#retentionMs,
			maxBytes: maxBytes ?? 250_000_000,
		};
		this.#store = new LastingStore(path, bounds, log);
		this.#bound();
	}

	record(entry: Entry): void {
		if (!Number.isSafeInteger(entry.at)) {
			throw new RangeError(
				`an entry's time is ${entry.at}: it takes a whole number of ms`,
			);
		}
		if (!this.#isOpen) return;
		this.#pending.push(entry);
		if (this.#pending.length > mostPending) this.#pending.shift();
		this.#timer ??= setTimeout(() => this.#flush(), flushDelay).unref();
	}

	entries(scope: Scope, sinceMs: number, name?: string): Entry[] {
		if (!this.#isOpen) return [];
		this.#flush();
		// What is too old is removed bit by bit, and not shown meanwhile.
		const since = Math.max(sinceMs, Date.now() - this.#retentionMs);
		const written =
			this.#store.attempt("read", (store) =>
				store.entries(scope, since, name),
			) ?? [];
		const waiting = this.#pending.filter(
			(entry) =>
				entry.scope === scope &&
				entry.at >= since &&
				(name === undefined || entry.name === name),
		);
		if (waiting.length === 0) return written;
		return [...written, ...waiting].sort((a, b) => a.at - b.at);
	}

	upCounts(sinceMs: number): ReadonlyMap<string, UpCount> {
		if (!this.#isOpen) return new Map();
		this.#flush();
		return (
			this.#store.attempt("read", (store) => store.upCounts(sinceMs)) ??
			new Map()
		);
	}

	remember(name: string, value: string): void {
		if (!this.#isOpen) return;
		this.#store.attempt("written", ({ facts }) => facts.keep(name, value));
	}

	recall(name: string): string | undefined {
		if (!this.#isOpen) return undefined;
		return this.#store.attempt("read", ({ facts }) => facts.find(name));
	}

	close(): void {
		if (!this.#isOpen) return;
		this.#flush();
		this.#isOpen = false;
		this.#store.close();
	}

	#flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		while (this.#pending.length > 0) {
			const entries = this.#pending.slice(0, chunk);
			const isWritten = this.#store.attempt("written", (store) => {
				store.add(entries);
				return true;
			});
			if (!isWritten) return;
			this.#pending = this.#pending.slice(entries.length);
			this.#bound();
		}
	}

	#bound(): void {
		this.#store.attempt("shortened", (store) => store.bound(Date.now()));
	}
}
