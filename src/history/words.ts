import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";

const mostReasons = 1000;

/** Texts that come again and again, kept once: an entry holds their numbers. */
export class Words {
	readonly #insert: StatementSync;
	readonly #numbers = new Map<string, bigint>();
	readonly #texts = new Map<SQLOutputValue, string>();

	constructor(database: DatabaseSync) {
		this.#insert = database.prepare("INSERT INTO word (text) VALUES (?)");
		for (const { id, text } of database
			.prepare("SELECT id, text FROM word")
			.iterate()) {
			if (typeof id === "number") this.#know(BigInt(id), String(text));
		}
	}

	/** The number of a text, if it was ever kept. */
	find(text: string): bigint | undefined {
		return this.#numbers.get(text);
	}

	/** The number of a text of which there are few: a name, a state. */
	keep(text: string): bigint {
		const known = this.#numbers.get(text);
		if (known !== undefined) return known;
		const id = BigInt(this.#insert.run(text).lastInsertRowid);
		this.#know(id, text);
		return id;
	}

	/** The number of a text of which there may be any number; the text itself when there are too many. */
	keepIfRoom(text: string): bigint | string {
		if (this.#numbers.size >= mostReasons) {
			return this.#numbers.get(text) ?? text;
		}
		return this.keep(text);
	}

	/** The text of what `keep` or `keepIfRoom` gave. */
	read(value: SQLOutputValue | undefined): string | undefined {
		if (typeof value === "string") return value;
		return value === undefined ? undefined : this.#texts.get(value);
	}

	#know(id: bigint, text: string): void {
		this.#numbers.set(text, id);
		this.#texts.set(Number(id), text);
	}
}
