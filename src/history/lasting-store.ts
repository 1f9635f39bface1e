import { isDamage, openFile, openMemory, reasonOf, setAside } from "./file.ts";
import { type Bounds, Store } from "./store.ts";

/** Where the history tells that its file is damaged, can't be had or can't be written. */
export interface HistoryLog {
	info(message: string): void;
	warn(message: string): void;
}

const memoryBytes = 16_000_000;

/** A store that is always there: begun anew when its file is damaged, in memory when there can be no file. */
export class LastingStore {
	readonly #path: string;
	readonly #bounds: Bounds;
	readonly #log: HistoryLog;
	/** What did not succeed when it was last tried. */
	readonly #failing = new Set<string>();
	#store: Store;

	constructor(path: string, bounds: Bounds, log: HistoryLog) {
		this.#path = path;
		this.#bounds = bounds;
		this.#log = log;
		this.#store = this.#open();
	}

	/**
	 * Does something with the store, and once more with a new one if its file turns out to be damaged.
	 * `undefined` if it does not succeed; that is told once, and so is its end.
	 * @param task what is done, as in "the history cannot be <task>"
	 */
	attempt<Result>(
		task: string,
		work: (store: Store) => Result,
	): Result | undefined {
		try {
			const result = this.#onSoundFile(work);
			if (this.#failing.delete(task)) {
				this.#log.info(`the history ${this.#path} is ${task} again`);
			}
			return result;
		} catch (error) {
			if (!this.#failing.has(task)) {
				this.#log.warn(
					`the history ${this.#path} cannot be ${task}: ${reasonOf(error)}`,
				);
			}
			this.#failing.add(task);
			return undefined;
		}
	}

	close(): void {
		this.#store.close();
	}

	#onSoundFile<Result>(work: (store: Store) => Result): Result {
		try {
			return work(this.#store);
		} catch (error) {
			if (!isDamage(error)) throw error;
			this.#store.close();
			this.#store = this.#openInPlaceOf(error);
			return work(this.#store);
		}
	}

	#open(): Store {
		try {
			return this.#openFile();
		} catch (error) {
			return isDamage(error)
				? this.#openInPlaceOf(error)
				: this.#openMemory(error);
		}
	}

	#openFile(): Store {
		const database = openFile(this.#path);
		try {
			return new Store(database, this.#bounds);
		} catch (error) {
			database.close();
			throw error;
		}
	}

	#openInPlaceOf(damage: unknown): Store {
		try {
			const aside = setAside(this.#path, new Date());
			this.#log.warn(
				`the history ${this.#path} is damaged (${reasonOf(damage)}): it is set aside as ${aside}, and a new one is begun`,
			);
			return this.#openFile();
		} catch (error) {
			return this.#openMemory(error);
		}
	}

	#openMemory(obstacle: unknown): Store {
		this.#log.warn(
			`the history is kept in memory and ends with this process: ${this.#path} cannot be opened (${reasonOf(obstacle)})`,
		);
		const maxBytes = Math.min(memoryBytes, this.#bounds.maxBytes);
		return new Store(openMemory(), { ...this.#bounds, maxBytes });
	}
}
