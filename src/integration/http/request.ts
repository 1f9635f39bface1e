import type { IncomingMessage } from "node:http";
import { readBody } from "./body.ts";
import { connect } from "./connection.ts";
import { Deadline } from "./deadline.ts";
import type { HttpAnswer, HttpRequest, HttpResult, Phase } from "./exchange.ts";
import { failureOf } from "./failure.ts";
import { firstHop, type Hop, nextHop } from "./hop.ts";
import { Progress } from "./progress.ts";
import { RequestError } from "./request-error.ts";
import { send } from "./send.ts";

/** How many redirects are followed. */
const redirectLimit = 10;

type Content = Pick<HttpAnswer, "status" | "headers" | "body">;

/**
 * Sends an HTTP request on a connection of its own, and reads the answer to it. Never rejects.
 * @param traceHeaders sent to the server that is named, and to no other that it redirects to
 * @param onPhaseEnd called at the end of each phase, so for each redirect anew
 */
export async function request(
	options: HttpRequest,
	traceHeaders: Readonly<Record<string, string>>,
	signal: AbortSignal,
	onPhaseEnd: (phase: Phase) => void = () => {},
): Promise<HttpResult> {
	const progress = new Progress(onPhaseEnd);
	const deadline = new Deadline(options.timeout, signal);
	const timed = () => ({
		duration: progress.duration,
		phases: progress.durations,
		certificateExpiry: progress.certificateExpiry,
	});
	try {
		const first = firstHop(options, traceHeaders);
		const content = await follow(first, options, progress, deadline.signal);
		return { kind: "answer", ...content, ...timed() };
	} catch (error) {
		const failure = failureOf(error, progress, deadline);
		return { kind: "failure", ...failure, ...timed() };
	} finally {
		deadline.clear();
	}
}

async function follow(
	first: Hop,
	options: HttpRequest,
	progress: Progress,
	signal: AbortSignal,
): Promise<Content> {
	const asked = new Set<string>();
	let hop = first;
	for (;;) {
		asked.add(`${hop.method} ${hop.url.href}`);
		const outcome = await ask(hop, options, progress, signal);
		if ("status" in outcome) return outcome;
		hop = outcome;
		progress.redirects += 1;
		if (asked.has(`${hop.method} ${hop.url.href}`)) {
			throw new RequestError("redirect_circle", "redirects in a circle");
		}
		if (progress.redirects > redirectLimit) {
			throw new RequestError(
				"too_many_redirects",
				`redirects more than ${redirectLimit} times`,
			);
		}
	}
}

/** What one server answers, or where it redirects to. */
async function ask(
	hop: Hop,
	options: HttpRequest,
	progress: Progress,
	signal: AbortSignal,
): Promise<Content | Hop> {
	const socket = await connect(hop.url, options, progress, signal);
	try {
		const exchange = await send(hop, socket, progress, signal);
		const { response } = exchange;
		const status = response.statusCode ?? 0;
		const next = options.followRedirects
			? nextHop(hop, status, response.headers.location)
			: undefined;
		if (next) return next;
		const body = await readBody(exchange, progress, signal);
		return { status, headers: headersOf(response), body };
	} finally {
		socket.destroy();
	}
}

function headersOf({ headersDistinct }: IncomingMessage) {
	return Object.fromEntries(
		Object.entries(headersDistinct).map(([name, values = []]) => [
			name,
			values.join(", "),
		]),
	);
}
