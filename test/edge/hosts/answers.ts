// A handler with an answer of every kind, to compare what is sent with and without monitoring.

const encoder = new TextEncoder();
const releases = new Map<string, () => void>();
/** The same object for every request, as people write it for CORS. */
const constant = new Response(null, { status: 204, headers: { "x-a": "1" } });

/** Waits until the test asks for `/release/<name>`, so that it decides what comes when. */
function released(name: string): Promise<void> {
	return new Promise((resolve) => releases.set(name, resolve));
}

function chunks(...parts: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
	return new ReadableStream({
		pull(controller) {
			const part = parts.shift();
			if (part === undefined) controller.close();
			else controller.enqueue(encoder.encode(part));
		},
	});
}

async function* slowly(name: string) {
	yield encoder.encode("data: first\n\n");
	await released(name);
	yield encoder.encode("data: second\n\n");
}

type Answer = (
	request: Request,
	url: URL,
	upstream: string,
) => Response | Promise<Response>;

const answers: Readonly<Record<string, Answer>> = {
	text: () => new Response("text"),
	json: () => Response.json({ a: 1 }, { status: 201 }),
	bytes: () => new Response(new Uint8Array([0, 1, 2, 255])),
	blob: () => new Response(new Blob(["blob"], { type: "image/x" })),
	search: () => new Response(new URLSearchParams("a=1&b=2")),
	nothing: () => new Response(),
	none: () => new Response(null, { status: 200 }),
	"no-content": () => new Response(null, { status: 204 }),
	"not-modified": () =>
		new Response(null, { status: 304, headers: { etag: '"a"' } }),
	constant: () => constant,
	redirect: () => Response.redirect("http://example.com/x?y=1", 307),
	unavailable: () => new Response("later", { status: 503 }),
	headers: () =>
		new Response("headers", {
			headers: [
				["set-cookie", "a=1"],
				["set-cookie", "b=2"],
				["content-type", "text/x"],
				["vary", "accept"],
			],
		}),
	large: () =>
		new Response("compressible ".repeat(10_000), {
			headers: { "content-type": "text/html" },
		}),
	stream: () => new Response(chunks("one", "two", "three")),
	"empty-stream": () => new Response(chunks()),
	"stream-with-length": () =>
		new Response(chunks("one", "two"), { headers: { "content-length": "6" } }),
	"transformed-stream": () =>
		new Response(chunks("one", "two").pipeThrough(new TransformStream())),
	events: (_, url) =>
		new Response(ReadableStream.from(slowly(url.search)), {
			headers: { "content-type": "text/event-stream" },
		}),
	release: (_, url) => {
		const release = releases.get(url.search);
		releases.delete(url.search);
		release?.();
		return new Response(release ? "released" : "not yet", {
			status: release ? 200 : 404,
		});
	},
	"broken-stream": () =>
		new Response(
			new ReadableStream({
				pull(controller) {
					controller.error(new Error("broken on purpose"));
				},
			}),
		),
	fetched: (_, __, upstream) => fetch(`${upstream}/text`),
	"fetched-stream": (_, __, upstream) => fetch(`${upstream}/stream`),
	"fetched-redirect": (_, __, upstream) =>
		fetch(`${upstream}/redirect`, { redirect: "manual" }),
	"fetched-empty": (_, __, upstream) => fetch(`${upstream}/no-content`),
	proxied: async (_, __, upstream) => {
		const answer = await fetch(`${upstream}/stream`);
		return new Response(answer.body, { headers: { "x-proxied": "1" } });
	},
	echo: async (request) => new Response(await request.arrayBuffer()),
	"echo-stream": (request) => new Response(request.body),
	unread: (request) => new Response(String(request.bodyUsed)),
	cors: (request) =>
		request.method === "OPTIONS"
			? new Response("ok", {
					headers: { "access-control-allow-headers": "traceparent" },
				})
			: new Response("cors"),
	throw: () => {
		throw new TypeError("thrown on purpose");
	},
	reject: async () => {
		await Promise.resolve();
		throw "a string";
	},
};

export function answersWith(upstream: string) {
	return (request: Request): Response | Promise<Response> => {
		const url = new URL(request.url);
		const answer = answers[url.pathname.slice(1)];
		return answer
			? answer(request, url, upstream)
			: new Response("not found", { status: 404 });
	};
}
