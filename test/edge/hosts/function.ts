// A function that uses all of the library, for tests of what it sends.
import {
	createHealthCheck,
	createLogger,
	withMonitoring,
} from "../../../supabase/functions/_shared/monitoring/logger.ts";
import { serve } from "./serve.ts";

const name = "shop";
const backend = process.env.BACKEND ?? "";
const health = createHealthCheck(name, { database: async () => true });
const encoder = new TextEncoder();

function pause(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
}

type Answer = (request: Request, url: URL) => Response | Promise<Response>;

const answers: Readonly<Record<string, Answer>> = {
	text: () => new Response("text"),

	async work(_, url) {
		const logger = createLogger(name);
		const stop = logger.startTimer("whole");
		const rows = await logger.monitorDatabaseOperation(
			"get_items",
			async () => {
				const answer = await fetch(`${backend}/rows?secret=canary`);
				return answer.json();
			},
		);
		await logger.monitorMLOperation("rank", pause, "two_tower_768");
		logger.metric("items_served", 3);
		logger.metric("payload", 2048, "bytes", { format: "json" });
		logger.recordUserAction("browse");
		stop();
		logger.info("worked", { rows, path: url.pathname });
		return Response.json(rows);
	},

	// Every step of a request looks whether it is still the same request.
	async user(_, url) {
		const user = url.searchParams.get("id") ?? "";
		const step = url.searchParams.get("step");
		createLogger(name).setUserContext(user);
		await pause();
		createLogger(name).info("between");
		await createLogger(name).monitorDatabaseOperation(`step_${step}`, pause);
		await Promise.all([pause(), fetch(`${backend}/step/${step}`)]);
		createLogger(name).info("after");
		return new Response(user);
	},

	async supabaseError() {
		const answer = await createLogger(name).monitorDatabaseOperation(
			"insert",
			() => ({ data: null, error: { code: "23505", message: "duplicate" } }),
		);
		return Response.json(answer, { status: 409 });
	},

	async failInside() {
		await createLogger(name).monitorMLOperation("rank", () => {
			throw new RangeError("no such model");
		});
		return new Response("never");
	},

	throw() {
		throw new TypeError("thrown on purpose");
	},

	verbose() {
		const text = "many words ".repeat(150);
		for (let each = 0; each < 10; each++) {
			createLogger(name).info("verbose", { text });
		}
		return new Response("verbose");
	},

	status: (_, url) =>
		new Response("status", { status: Number(url.searchParams.get("code")) }),

	stream: (_, url) =>
		new Response(
			ReadableStream.from(
				(async function* () {
					yield encoder.encode("first ");
					await fetch(`${backend}/wait?${url.searchParams}`);
					yield encoder.encode("last");
				})(),
			),
		),

	health: () => health(),

	async outgoing(_, url) {
		const to = url.searchParams.get("to") ?? "";
		const own = url.searchParams.get("own");
		const given = own ? { headers: { traceparent: own, "x-kept": "1" } } : {};
		const answer = await fetch(to, given);
		return new Response(answer.body);
	},

	// A Request where options are expected is right too: it has its properties from its class.
	put: (_, url) => {
		const to = `${url.searchParams.get("to")}`;
		const headers = { "x-kept": "1" };
		return fetch(to, new Request(to, { method: "PUT", body: "put", headers }));
	},

	post: async (_, url) =>
		await fetch(
			new Request(`${url.searchParams.get("to")}`, {
				method: "POST",
				body: "the body",
				headers: { "x-kept": "1" },
			}),
		),
};

const handler = withMonitoring(name)((request: Request) => {
	const url = new URL(request.url);
	const answer = answers[url.pathname.split("/").at(-1) ?? ""];
	return answer?.(request, url) ?? new Response("not found", { status: 404 });
});

await serve(handler);
