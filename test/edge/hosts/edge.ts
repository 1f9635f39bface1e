// Runs a function in 50 isolates that are dropped at random once they are idle, as Supabase's runtime does:
// an isolate whose responses are out and whose `waitUntil` promises are settled may end at any moment.
import { serve } from "./serve.ts";

type FromIsolate =
	| { readonly id: number; readonly body: string }
	| { readonly idle: number }
	| { readonly over: true };

/** What this uses of Deno's workers. */
interface Isolate {
	postMessage(message: unknown): void;
	terminate(): void;
	onmessage: (event: { data: FromIsolate }) => void;
}
const Worker: new (url: URL, options: object) => Isolate = Reflect.get(
	globalThis,
	"Worker",
);

const count = 50;
const answers = new Map<number, (response: Response) => void>();
let requests = 0;
let dropped = 0;

/** An isolate, from its start to its end. `ended` is called when it takes no more requests. */
class Life {
	readonly #ended: () => void;
	readonly #isolate: Isolate;
	#open = 0;
	#ending = false;

	constructor(ended: () => void) {
		this.#ended = ended;
		this.#isolate = new Worker(new URL("./isolate.ts", import.meta.url), {
			type: "module",
		});
		this.#isolate.onmessage = ({ data }) => {
			if ("body" in data) answers.get(data.id)?.(new Response(data.body));
			else if ("over" in data) this.#drop();
			else this.#idle();
		};
	}

	handle(request: Request): Promise<Response> {
		const id = ++requests;
		this.#open += 1;
		this.#isolate.postMessage({ id, url: request.url });
		return new Promise((resolve) => answers.set(id, resolve));
	}

	/** Tells the isolate that it has to end, whatever it is at. */
	end(reason: string): void {
		this.#ending = true;
		this.#ended();
		this.#isolate.postMessage({ reason });
	}

	#idle(): void {
		this.#open -= 1;
		if (this.#open > 0 || this.#ending) return;
		const fate = Math.random();
		if (fate < 0.3) {
			this.#ended();
			this.#drop();
		} else if (fate < 0.5) this.end("early_drop");
	}

	#drop(): void {
		dropped += 1;
		this.#isolate.terminate();
	}
}

const lives: Life[] = [];
function begin(slot: number): void {
	lives[slot] = new Life(() => begin(slot));
}
for (let slot = 0; slot < count; slot++) begin(slot);

await serve((request) => {
	const { pathname, searchParams } = new URL(request.url);
	if (pathname === "/dropped") return new Response(String(dropped));
	const life = lives[requests % count];
	if (!life) return new Response("no isolate", { status: 500 });
	if (pathname === "/end") {
		for (const each of [...lives]) each.end(searchParams.get("reason") ?? "");
		return new Response("told");
	}
	return life.handle(request);
});
