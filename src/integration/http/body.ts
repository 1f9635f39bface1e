import type { IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import {
	createBrotliDecompress,
	createGunzip,
	createInflate,
	createZstdDecompress,
} from "node:zlib";
import { BoundedText, bodyLimit } from "./bounded-text.ts";
import { byteCount, codeOf } from "./failure.ts";
import type { Progress } from "./progress.ts";
import { RequestError } from "./request-error.ts";
import type { Exchange } from "./send.ts";

/** Reads the body of an answer: decoded, and never more than the limit of it in memory. */
export async function readBody(
	exchange: Exchange,
	progress: Progress,
	signal: AbortSignal,
): Promise<string> {
	const { response, problem } = exchange;
	progress.begin("transfer");
	const decoder = decoderOf(response);
	const counted = { received: 0 };
	progress.received = () => counted.received;
	const text = new BoundedText();
	try {
		await readInto(text, exchange, decoder, counted, signal);
	} catch (error) {
		// Nothing at all is nothing in every encoding: an answer to HEAD, or an empty one.
		if (counted.received > 0 || !response.complete) {
			throw causeOf(error, response, counted.received, problem());
		}
	} finally {
		decoder?.destroy();
	}
	const after = codeOf(problem());
	if (after.startsWith("HPE_")) {
		throw new RequestError(
			after,
			`its answer goes on after its end (${after})`,
		);
	}
	progress.end();
	return text.toString();
}

/** By events: a pipeline would cost as much as all the rest of a probe. */
function readInto(
	text: BoundedText,
	{ response, bytesRead }: Exchange,
	decoder: Transform | undefined,
	counted: { received: number },
	signal: AbortSignal,
): Promise<void> {
	return new Promise((resolve, reject) => {
		response.on("data", (chunk: Buffer) => {
			counted.received += chunk.length;
			// What is longer encoded, or in its chunks, than it may be in the end only keeps the monitor busy.
			const { received } = counted;
			if (received > bodyLimit || bytesRead() > 2 * bodyLimit) stop(tooLong());
		});
		const decoded = decoder ? response.pipe(decoder) : response;
		decoded.on("data", (chunk: Buffer) => {
			if (!text.add(chunk)) stop(tooLong());
		});
		const onAbort = () => stop(signal.reason);
		const stop = (error: unknown) => {
			signal.removeEventListener("abort", onAbort);
			response.unpipe();
			response.destroy();
			reject(error);
		};
		signal.addEventListener("abort", onAbort, { once: true });
		if (signal.aborted) onAbort();
		response.on("error", stop);
		decoder?.on("error", stop);
		response.on("close", () => {
			if (!response.complete) stop(new Error("the connection was closed"));
		});
		decoded.on("end", () => {
			signal.removeEventListener("abort", onAbort);
			resolve();
		});
	});
}

function decoderOf({ headers }: IncomingMessage): Transform | undefined {
	switch (headers["content-encoding"]?.trim().toLowerCase()) {
		case undefined:
		case "":
		case "identity":
			return undefined;
		case "gzip":
		case "x-gzip":
			return createGunzip();
		case "deflate":
			return createInflate();
		case "br":
			return createBrotliDecompress();
		case "zstd":
			return createZstdDecompress();
		default:
			throw new RequestError(
				"unknown_encoding",
				"its answer is in an encoding that is not known (content-encoding)",
			);
	}
}

function causeOf(
	error: unknown,
	response: IncomingMessage,
	received: number,
	problem: Error | undefined,
): unknown {
	if (error instanceof RequestError) return error;
	const code = codeOf(error);
	if (/^(Z_|ZSTD_|ERR__|ERR_BROTLI)/.test(code)) {
		return new RequestError(
			"bad_encoding",
			`its answer is not what its content-encoding says (${code})`,
		);
	}
	if (codeOf(problem).startsWith("HPE_")) return problem;
	const length = response.headers["content-length"];
	return new RequestError(
		"truncated",
		length === undefined
			? `its answer broke off after ${byteCount(received)}`
			: `its answer broke off after ${byteCount(received)} of ${length}`,
	);
}

function tooLong(): RequestError {
	return new RequestError("too_long", "its answer is longer than 1 MiB");
}
