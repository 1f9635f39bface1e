import type { Deadline } from "./deadline.ts";
import type { HttpFailure, Phase } from "./exchange.ts";
import type { Progress } from "./progress.ts";
import { RequestError } from "./request-error.ts";

/** What a failure says of itself, by the code of the error: Node's, OpenSSL's or the HTTP parser's. */
const reasons: Readonly<Record<string, string>> = {
	ECONNREFUSED: "refused the connection",
	ENOTFOUND: "its host name is not known",
	EAI_AGAIN: "its host name could not be looked up",
	ETIMEDOUT: "its host did not answer",
	EHOSTUNREACH: "its host cannot be reached",
	EHOSTDOWN: "its host cannot be reached",
	ENETUNREACH: "its network cannot be reached",
	EADDRNOTAVAIL: "its address cannot be reached from here",
	EMFILE: "could not be asked: the monitor has too many files open",
	ENFILE: "could not be asked: the machine has too many files open",

	CERT_HAS_EXPIRED: "its certificate has expired",
	CERT_NOT_YET_VALID: "its certificate is not valid yet",
	CERT_REVOKED: "its certificate was revoked",
	DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself",
	ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
	ERR_SSL_WRONG_VERSION_NUMBER: "does not speak TLS",
	ERR_SSL_PACKET_LENGTH_TOO_LONG: "does not speak TLS",
	ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "demands a client's certificate",

	HPE_HEADER_OVERFLOW: "its headers are longer than 16 KiB",
	HPE_INVALID_CONSTANT: "did not answer in HTTP/1.1",
	HPE_INVALID_VERSION: "did not answer in HTTP/1.1",
	ERR_INVALID_CHAR: "could not be asked: a header has a character of no header",
};

/** For those of which there are many. */
const reasonsByPattern: readonly (readonly [RegExp, string])[] = [
	[
		/^(SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF))/,
		"its certificate is of an unknown authority",
	],
	[/^(CERT_|UNABLE_TO_|INVALID_CA|HOSTNAME_)/, "its certificate is not valid"],
	[/^(ERR_SSL_|EPROTO$)/, "TLS could not be agreed on"],
	[/^HPE_.*CHUNK/, "its answer has broken chunks"],
	[
		/^HPE_.*(CONTENT_LENGTH|TRANSFER_ENCODING)/,
		"its answer has no clear length",
	],
	[/^HPE_/, "its answer is broken HTTP"],
];

/** What went wrong with a request, in words and as a code. */
export function failureOf(
	error: unknown,
	progress: Progress,
	deadline: Pick<Deadline, "ended" | "seconds">,
): Pick<HttpFailure, "reason" | "errorType"> {
	if (deadline.ended === "timeout") {
		const reason = `did not answer within ${deadline.seconds} s: ${whereItWas(progress)}`;
		return { reason, errorType: "timeout" };
	}
	if (deadline.ended === "stop") {
		return { reason: "was not asked to the end", errorType: "aborted" };
	}
	if (error instanceof RequestError) {
		return { reason: error.message, errorType: error.errorType };
	}
	const code = codeOf(error);
	const isCut = code === "ECONNRESET" || code === "EPIPE";
	const reason = isCut ? cutWhen(progress) : reasonOf(code);
	return { reason: `${reason} (${code})`, errorType: code };
}

function reasonOf(code: string): string {
	const [, byPattern] =
		reasonsByPattern.find(([pattern]) => pattern.test(code)) ?? [];
	return reasons[code] ?? byPattern ?? "could not be asked";
}

/** The code of an error; its message may hold anything. */
export function codeOf(error: unknown): string {
	if (!(error instanceof Error)) return "unknown";
	const code = "code" in error ? String(error.code) : error.name;
	return /^\w{1,64}$/.test(code) ? code : "unknown";
}

export function byteCount(count: number): string {
	return count === 1 ? "1 byte" : `${count} bytes`;
}

const phaseWords: Readonly<Record<Phase, string>> = {
	dns: "its host name was still being looked up",
	connect: "it was still connecting",
	tls: "TLS was still being set up",
	first_byte: "it had sent nothing",
	transfer: "its answer was still coming",
};

function whereItWas({ phase, received, redirects }: Progress): string {
	const after =
		["", ", after 1 redirect"][redirects] ?? `, after ${redirects} redirects`;
	const count = received();
	if (count === 0) return `${phaseWords[phase]}${after}`;
	const what = phase === "first_byte" ? "its headers" : "its answer";
	return `it had sent ${byteCount(count)} of ${what}${after}`;
}

function cutWhen({ phase, received }: Progress): string {
	if (phase === "connect") return "cut the connection at once";
	if (phase === "tls") return "closed the connection while TLS was set up";
	if (received() === 0) return "closed the connection without an answer";
	return `closed the connection after ${byteCount(received())} of its headers`;
}
