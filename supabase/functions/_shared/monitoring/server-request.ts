import {
	currentPlace,
	type Place,
	prepareContext,
	type RequestScope,
	runIn,
} from "./context.ts";
import { countError, countResponse } from "./counts.ts";
import { errorType, quietly, typeName } from "./errors.ts";
import { hostSpan } from "./host-tracing.ts";
import { hashUser, requestIdOf } from "./identity.ts";
import { serverDuration } from "./instruments.ts";
import { isolate } from "./isolate.ts";
import { knownMethod, redactPath } from "./redact.ts";
import { type Ending, logRequest } from "./request-log.ts";
import { recognizeStreams, watchEnd, withTraceHeaders } from "./response.ts";
import { property, waitUntil } from "./runtime.ts";
import { Clock, Span, server } from "./span.ts";
import { parseTraceContext } from "./trace-context.ts";

/**
 * Runs a handler as a request of a function: traced, counted, logged, and answered as it would be without.
 * @param completed resolves when the response is sent, where the runtime tells
 */
export async function serveRequest(
	functionName: string,
	request: Request,
	completed: Promise<unknown> | undefined,
	handle: () => Response | Promise<Response>,
): Promise<Response> {
	const preparing = prepareContext();
	if (preparing) await preparing;
	const here = currentPlace()?.scope;
	if (here?.request === request && !here.over) return handle();
	const served = quietly(() => new ServedRequest(functionName, request));
	if (!served) return handle();
	if (!completed) quietly(recognizeStreams);
	try {
		const response = await runIn(served.place, handle);
		return quietly(() => served.answer(response, completed)) ?? response;
	} catch (thrown) {
		quietly(() => served.fail(thrown));
		throw thrown;
	}
}

class ServedRequest {
	readonly place: Place;
	readonly #method: string;
	readonly #path: string;
	/** Attributes that span and metric have in common. */
	readonly #common: Readonly<Record<string, string>>;
	/** Not there under a span of the host, which is the server's span then. */
	readonly #span: Span | undefined;
	readonly #breakOff = (reason: unknown) =>
		waitUntil(this.#finish({ errorType: typeName(reason ?? "shutdown") }));

	constructor(functionName: string, request: Request) {
		const url = new URL(request.url);
		this.#method = knownMethod(request.method);
		this.#path = redactPath(url.pathname);
		this.#common = {
			"http.request.method": this.#method,
			"url.scheme": url.protocol.slice(0, -1),
		};
		const scope: RequestScope = {
			functionName,
			request,
			requestId: requestIdOf(request),
			clock: new Clock(),
		};
		const cold = isolate().isColdStart();
		const host = hostSpan();
		if (host) {
			this.place = { scope, span: host };
		} else {
			const { headers } = request;
			const parent = parseTraceContext(
				headers.get("traceparent"),
				headers.get("tracestate"),
			);
			const name = `${this.#method} ${functionName}`;
			this.#span = new Span(name, server, parent, scope.clock);
			this.#span.set({
				"url.path": this.#path,
				"faas.trigger": "http",
				"faas.coldstart": cold,
				"faas.invocation_id": scope.requestId,
			});
			this.place = { scope, span: this.#span.context };
		}
		isolate().underWay.add(this.#breakOff);
	}

	/** Takes note of the answer, and gives what is to be sent. */
	answer(
		response: Response,
		completed: Promise<unknown> | undefined,
	): Response {
		const { scope, span } = this.place;
		if (typeof property(response, "status") !== "number") {
			this.fail(new TypeError("no Response"));
			return response;
		}
		const { status } = response;
		const failure = status >= 500 ? String(status) : undefined;
		const firstByte = this.#seconds();
		const ending = { status, errorType: failure, firstByte };
		countResponse(scope.functionName, response, this.place);
		this.#count(status, ending);
		const { promise: ended, resolve } = Promise.withResolvers<unknown>();
		const end = () => resolve(this.#finish(ending));
		// Nothing reads the body that HEAD has no place for.
		const atOnce = this.#method === "HEAD" ? Promise.resolve() : undefined;
		const watched = watchEnd(response, completed ?? atOnce, end);
		waitUntil(ended);
		return withTraceHeaders(watched, span);
	}

	/** Takes note of what the handler threw. The runtime answers it with a 500, or as its `onError` says. */
	fail(thrown: unknown): void {
		const ending = { errorType: errorType(thrown), thrown };
		this.#count(500, ending);
		waitUntil(this.#finish(ending));
	}

	#count(status: number, { errorType, thrown }: Ending): void {
		const { scope, span } = this.place;
		const { functionName, failed } = scope;
		// Without an error to know it by, one that was counted on its way out is taken to be this one.
		if (errorType && (typeof thrown === "object" || !failed)) {
			countError(functionName, thrown, errorType, this.place);
		}
		const { requests, processing } = isolate().instruments;
		const took = this.#seconds() * 1000;
		const labels = { status: String(status) };
		isolate().record(functionName, requests, 1, labels, span);
		isolate().record(functionName, processing, took, {}, span);
	}

	/** Ends the request, once. What it gives may take a moment longer. */
	#finish(ending: Ending): unknown {
		if (!isolate().underWay.delete(this.#breakOff)) return undefined;
		const report = () => this.#report(ending);
		// With the user's id at hand, so that it is left out.
		return quietly(() =>
			this.place.scope.userId ? runIn(this.place, report) : report(),
		);
	}

	#report(ending: Ending): unknown {
		const { scope, span: here } = this.place;
		const { functionName, userId } = scope;
		const span = this.#span;
		const took = this.#seconds();
		scope.over = true;
		logRequest(this.place, this.#method, this.#path, ending, took);
		if (!span) return undefined;
		const { userIdSalt } = isolate().settings;
		const result = {
			...this.#common,
			"http.response.status_code": ending.status,
			"error.type": ending.errorType,
		};
		const labels = { ...result, "faas.name": functionName };
		isolate().measure(functionName, serverDuration, took, labels, here);
		span.set({ ...result, time_to_first_byte: ending.firstByte });
		if (ending.errorType) span.fail(ending.errorType, ending.thrown);
		const end = () => isolate().end(functionName, span);
		if (!userIdSalt || !userId) return end();
		return hashUser(userId, userIdSalt).then((hash) => {
			span.set({ "user.hash": hash });
			end();
		});
	}

	/** Since the request came. */
	#seconds(): number {
		const { clock } = this.place.scope;
		return (clock.now() - clock.start) / 1000;
	}
}
