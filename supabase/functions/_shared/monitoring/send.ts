import { delay, property } from "./runtime.ts";

/** What became of a body that was to be sent. */
export interface Outcome {
	/** Why the collector doesn't have it, or may not have it; absent where it has. */
	readonly problem?: string;
	/**
	 * When it may be sent again (Unix milliseconds), where the collector surely doesn't have it.
	 * Without it, sending it again might count it twice.
	 */
	readonly retryAt?: number;
	/** How much of what the collector has, it rejected. */
	readonly rejected?: number;
}

export interface Target {
	readonly url: string;
	readonly headers: Headers;
	/** The fetch of the runtime, which makes no span. */
	readonly fetch: typeof fetch;
}

const attempts = 2;
const timeLimit = 2000;
/** A longer wait that is asked for is left to a later flush, not spent in this isolate. */
const longestWait = 5000;
const longestPause = 300_000;
const longestAnswer = 65_536;
/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const retryable = /429|50[234]/;
const neverConnected =
	/\(Connect\)|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UNREACH|CONNECT_TIMEOUT/;

interface Answer {
	readonly status: number;
	readonly text: string;
	readonly retryAfter: string | null;
}

/** Sends one body of OTLP/JSON, with one retry where the collector asks for it. Never throws. */
export async function send(target: Target, body: string): Promise<Outcome> {
	try {
		const packed = await gzip(body);
		for (let attempt = 1; ; attempt++) {
			const { status, text, retryAfter } = await post(target, packed);
			if (status >= 200 && status < 300) {
				return { rejected: rejectedIn(text) };
			}
			const problem = `the collector answered ${status}`;
			if (!retryable.test(String(status))) return { problem };
			const wait = retryDelay(retryAfter, Date.now());
			if (attempt === attempts || wait > longestWait) {
				return { problem, retryAt: Date.now() + wait };
			}
			await delay(wait);
		}
	} catch (error) {
		return failure(error);
	}
}

async function gzip(text: string): Promise<ArrayBuffer> {
	const { readable, writable } = new CompressionStream("gzip");
	const writer = writable.getWriter();
	writer.write(new TextEncoder().encode(text));
	writer.close();
	return await new Response(readable).arrayBuffer();
}

async function post(target: Target, body: ArrayBuffer): Promise<Answer> {
	const { fetch } = target;
	const response = await fetch(target.url, {
		method: "POST",
		headers: target.headers,
		body,
		// A redirect might lead the headers' secrets to a stranger.
		redirect: "manual",
		signal: AbortSignal.timeout(timeLimit),
	});
	return {
		status: response.status,
		text: await textOf(response),
		retryAfter: response.headers.get("retry-after"),
	};
}

/** The answer's text, as far as any honest answer goes. */
async function textOf(response: Response): Promise<string> {
	const decoder = new TextDecoder();
	let text = "";
	try {
		for await (const chunk of response.body ?? []) {
			text += decoder.decode(chunk, { stream: true });
			if (text.length > longestAnswer) break;
		}
	} catch {
		// The status was there; what follows it only adds to it.
	}
	return text;
}

/** https://opentelemetry.io/docs/specs/otlp/#partial-success-1 */
export function rejectedIn(answer: string): number {
	try {
		const partial = Object(property(JSON.parse(answer), "partialSuccess"));
		const name = Object.keys(partial).find((key) => key.startsWith("rejected"));
		const count = Number(property(partial, name ?? ""));
		return Number.isSafeInteger(count) && count > 0 ? count : 0;
	} catch {
		// Nonsense in a success is still a success.
		return 0;
	}
}

/** Milliseconds to wait by a `Retry-After` header, in seconds or a date; about one second without it. */
export function retryDelay(header: string | null, now: number): number {
	const asked = Number(header) * 1000 || Date.parse(header ?? "") - now;
	// Without a wish, or for one that has passed: not all isolates at once.
	return (
		Math.min(Math.max(asked, 0), longestPause) || 500 + Math.random() * 1000
	);
}

function failure(error: unknown): Outcome {
	const cause = property(error, "cause");
	const said = [
		property(error, "message"),
		property(cause, "code"),
		property(cause, "message"),
	].join(" ");
	return neverConnected.test(said)
		? { problem: "the collector cannot be reached", retryAt: 0 }
		: { problem: "the collector gave no answer" };
}
