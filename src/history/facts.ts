import type { DatabaseSync, StatementSync } from "node:sqlite";

/** What is to be known after a restart, as texts by name. */
export class Facts {
	readonly #keep: StatementSync;
	readonly #find: StatementSync;

	constructor(database: DatabaseSync) {
		this.#keep = database.prepare("INSERT OR REPLACE INTO fact VALUES (?, ?)");
		this.#find = database.prepare("SELECT value FROM fact WHERE name = ?");
	}

	keep(name: string, value: string): void {
		this.#keep.run(name, value);
	}

	find(name: string): string | undefined {
		const value = this.#find.get(name)?.value;
		return typeof value === "string" ? value : undefined;
	}
}
