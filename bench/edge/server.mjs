/** Serves a handler on a free port, and prints the port and how long its instrumentation took to import. */
export function serve(handler, imported) {
	const options = {
		port: 0,
		hostname: "127.0.0.1",
		onListen: ({ port }) => console.log(JSON.stringify({ port, imported })),
	};
	Deno.serve(options, handler);
}

/** What an import gives, and the milliseconds that it took. */
export async function timed(load) {
	const start = performance.now();
	const module = await load();
	return [module, performance.now() - start];
}

export const answer = () => Response.json({ items: [1, 2, 3] });
