import { Hono, type MiddlewareHandler } from "hono";
import { z } from "zod";

const faults = ["none", "answer_empty", "hang", "error"] as const;
type Fault = (typeof faults)[number];

const question = z.object({ fault: z.enum(faults) });

/** What a backend can be told to do wrong, to see who notices: `POST /faults {"fault": …}`. */
export class Faults {
	#fault: Fault = "none";
	#changed = Promise.withResolvers<void>();

	/** Where it is told; this itself is never at fault. */
	readonly routes = new Hono().post("/faults", async (context) => {
		const asked = question.safeParse(await context.req.json().catch(() => {}));
		if (!asked.success) {
			return context.json({ error: z.prettifyError(asked.error) }, 400);
		}
		this.#fault = asked.data.fault;
		this.#changed.resolve();
		this.#changed = Promise.withResolvers();
		return context.json(asked.data);
	});

	/** Stands before all other routes. */
	readonly middleware: MiddlewareHandler = async (context, next) => {
		while (this.#fault === "hang") await this.#changed.promise;
		switch (this.#fault) {
			case "answer_empty":
				return context.json({});
			case "error":
				return context.json({ error: "a fault that was asked for" }, 500);
			default:
				return next();
		}
	};
}
