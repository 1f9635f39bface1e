import { Isolate } from "./isolate.ts";

/** The functions of a folder, each in an isolate that is started when it is first asked for. */
export class Isolates {
	readonly #folder: URL;
	readonly #lifetime: number;
	readonly #isolates = new Map<string, Isolate>();

	/**
	 * @param folder URL of a folder with `<name>/index.ts` in it
	 * @param lifetime seconds after which an isolate is replaced by a new one
	 */
	constructor(folder: URL, lifetime: number) {
		this.#folder = folder;
		this.#lifetime = lifetime;
	}

	/** The isolate of a function, a new one where the last one died or is too old; undefined if there is no such function. */
	async of(name: string): Promise<Isolate | undefined> {
		const module = new URL(`${name}/index.ts`, this.#folder);
		if (!/^[\w-]+$/.test(name) || !(await exists(module))) return undefined;
		const present = this.#isolates.get(name);
		if (present?.isAlive && present.age < this.#lifetime) return present;
		const next = new Isolate(name, module);
		this.#isolates.set(name, next);
		void present?.end("wall_clock");
		return next;
	}

	/** Ends all of them, each in good order. */
	async end(): Promise<void> {
		const all = [...this.#isolates.values()];
		await Promise.all(all.map((isolate) => isolate.end("termination")));
	}
}

async function exists(file: URL): Promise<boolean> {
	try {
		return (await Deno.stat(file)).isFile;
	} catch {
		return false;
	}
}
