import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import {
	type Entry,
	type History,
	type HistoryOptions,
	openHistory,
} from "../../src/history/history.ts";

/** A folder for the histories of one test, and what they log. */
export class HistoryFolder {
	readonly path: string;
	readonly warnings: string[] = [];
	readonly infos: string[] = [];
	readonly #folder: string;
	readonly #opened: History[] = [];

	constructor(folder: string) {
		this.#folder = folder;
		this.path = join(folder, "history.sqlite");
	}

	open(options: Partial<HistoryOptions> = {}): History {
		const log = {
			warn: (message: string) => this.warnings.push(message),
			info: (message: string) => this.infos.push(message),
		};
		const { path } = this;
		const history = openHistory({ path, retentionDays: 30, log, ...options });
		this.#opened.push(history);
		return history;
	}

	/** Writes entries, a ms apart and with changing reasons, and closes the history. */
	write(from: number, count: number): void {
		const history = this.open();
		for (let i = 0; i < count; i += 1) {
			history.record(entryAt(from + i, { reason: `reason ${i % 1000}` }));
			if (i % 1000 === 0) flush(history);
		}
		history.close();
	}

	files(): string[] {
		return readdirSync(this.#folder);
	}

	/** Bytes of the history's file and of those that SQLite puts beside it. */
	size(): number {
		return this.files()
			.map((name) => statSync(join(this.#folder, name)).size)
			.reduce((sum, size) => sum + size, 0);
	}

	close(): void {
		for (const history of this.#opened) history.close();
	}
}

/** A test with a `place` of its own for histories. */
export const historyTest = test.extend("place", ({ onTestFinished }) => {
	const folder = mkdtempSync(join(tmpdir(), "history-"));
	const place = new HistoryFolder(folder);
	onTestFinished(() => {
		place.close();
		rmSync(folder, { recursive: true });
	});
	return place;
});

/** Makes the history write what waits, by asking it. */
export function flush(history: History): void {
	history.entries("integration", Date.now(), "nobody");
}

export function entryAt(at: number, rest: Partial<Entry> = {}): Entry {
	return { at, scope: "system", name: "system", state: "healthy", ...rest };
}
