import { createServer, type IncomingHttpHeaders } from "node:http";

export interface Backend {
	readonly url: string;
	/** What arrived: path and headers. */
	readonly requests: {
		path: string;
		method: string | undefined;
		headers: IncomingHttpHeaders;
		body: string;
	}[];
	/** Lets an answer to `/wait` go. */
	release(): void;
	stop(): Promise<void>;
}

/** A backend that answers everything with `[1]`, and `/wait` only when it is told. */
export async function startBackend(): Promise<Backend> {
	const requests: Backend["requests"] = [];
	const waiting: (() => void)[] = [];
	const server = createServer(async (request, response) => {
		let body = "";
		for await (const chunk of request) body += chunk;
		const path = request.url ?? "";
		requests.push({
			path,
			method: request.method,
			headers: request.headers,
			body,
		});
		if (path.startsWith("/wait")) {
			await new Promise<void>((resolve) => waiting.push(resolve));
		}
		response.setHeader("content-type", "application/json");
		response.end("[1]");
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	const port = typeof address === "object" ? address?.port : undefined;
	return {
		url: `http://127.0.0.1:${port}`,
		requests,
		release() {
			for (const go of waiting.splice(0)) go();
		},
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
