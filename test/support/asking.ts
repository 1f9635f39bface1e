import type { IncomingMessage, RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach } from "vitest";
import type {
	HttpRequest,
	HttpResult,
} from "../../src/integration/http/exchange.ts";
import { request } from "../../src/integration/http/request.ts";
import {
	type Asked,
	httpRequest,
	LyingServer,
	redirecting,
	speaking,
} from "./lying-server.ts";

/** Sends a request that nothing ends before its time. */
export function ask(
	url: string,
	options: Partial<HttpRequest> = {},
	traceHeaders: Readonly<Record<string, string>> = {},
): Promise<HttpResult> {
	const { signal } = new AbortController();
	return request(httpRequest(url, options), traceHeaders, signal);
}

/** What a server was asked that answers with that. */
export async function echoed(
	...asked: Parameters<typeof ask>
): Promise<ReturnType<typeof JSON.parse>> {
	const result = await ask(...asked);
	if (result.kind === "failure") throw new Error(result.reason);
	return JSON.parse(result.body);
}

/** Starts servers for the tests of a file, which are closed after each. */
export function servers() {
	const started: LyingServer[] = [];
	afterEach(async () => {
		await Promise.all(started.splice(0).map((server) => server.close()));
	});
	const start = (server: LyingServer, host?: string) => {
		started.push(server);
		return server.start(host);
	};
	const serve = (listener: RequestListener, host?: string) =>
		start(new LyingServer(speaking(listener)), host);
	return {
		/** The one that was started last. */
		latest: () => started.at(-1),
		start,
		serve,
		/** One that answers with what it was asked. */
		echo: (host?: string) =>
			serve(async (message: IncomingMessage, response) => {
				const { method, url, headers } = message;
				const body = await text(message);
				response.end(JSON.stringify({ method, url, headers, body }));
			}, host),
		/** One that redirects, and keeps what it was asked. */
		async redirect(
			routes: Parameters<typeof redirecting>[1] = () => undefined,
		) {
			const asked: Asked[] = [];
			const origin = await start(new LyingServer(redirecting(asked, routes)));
			return { origin, asked };
		},
	};
}
