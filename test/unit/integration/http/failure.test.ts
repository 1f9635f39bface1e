import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	type Phase,
	phases,
} from "../../../../src/integration/http/exchange.ts";
import { failureOf } from "../../../../src/integration/http/failure.ts";
import { Progress } from "../../../../src/integration/http/progress.ts";
import { RequestError } from "../../../../src/integration/http/request-error.ts";

const running = { ended: undefined, seconds: 10 };
const overdue = { ended: "timeout", seconds: 10 } as const;

function inPhase(phase: Phase, received = 0, redirects = 0): Progress {
	const progress = new Progress(() => {});
	progress.begin(phase);
	progress.received = () => received;
	progress.redirects = redirects;
	return progress;
}

const coded = (code: unknown) =>
	Object.assign(new Error("connect 10.0.0.1:80 s3cret"), { code });

describe("a failure", () => {
	test.each([
		["ECONNREFUSED", "refused the connection"],
		["ENOTFOUND", "its host name is not known"],
		["EAI_AGAIN", "its host name could not be looked up"],
		["EHOSTUNREACH", "its host cannot be reached"],
		["ENETUNREACH", "its network cannot be reached"],
		["ETIMEDOUT", "its host did not answer"],
		["ECONNRESET", "closed the connection without an answer"],
		["EPIPE", "closed the connection without an answer"],
		["CERT_HAS_EXPIRED", "its certificate has expired"],
		["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another host"],
		["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is signed by itself"],
		["SELF_SIGNED_CERT_IN_CHAIN", "its certificate is of an unknown authority"],
		[
			"UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
			"its certificate is of an unknown authority",
		],
		["CERT_UNTRUSTED", "its certificate is not valid"],
		["ERR_SSL_WRONG_VERSION_NUMBER", "does not speak TLS"],
		[
			"ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
			"TLS could not be agreed on",
		],
		["HPE_HEADER_OVERFLOW", "its headers are longer than 16 KiB"],
		["HPE_INVALID_CONSTANT", "did not answer in HTTP/1.1"],
		["HPE_CHUNK_EXTENSIONS_OVERFLOW", "its answer has broken chunks"],
		["HPE_STRICT", "its answer is broken HTTP"],
		["ESOMETHING", "could not be asked"],
	])("by %s says what that means", (code, words) => {
		expect(failureOf(coded(code), inPhase("first_byte"), running)).toEqual({
			reason: `${words} (${code})`,
			errorType: code,
		});
	});

	test("that is told in words already is told so", () => {
		const error = new RequestError("too_long", "its answer is too long");
		expect(failureOf(error, inPhase("transfer"), running)).toEqual({
			reason: "its answer is too long",
			errorType: "too_long",
		});
	});

	test.each([
		["connect", 0, "cut the connection at once"],
		["tls", 0, "closed the connection while TLS was set up"],
		["first_byte", 1, "closed the connection after 1 byte of its headers"],
		["first_byte", 12, "closed the connection after 12 bytes of its headers"],
	] as const)(
		"by a cut in %s after %i bytes says when that was",
		(phase, count, words) => {
			const progress = inPhase(phase, count);
			expect(failureOf(coded("ECONNRESET"), progress, running).reason).toBe(
				`${words} (ECONNRESET)`,
			);
		},
	);

	test("shows nothing of an error but its code, if that is one", () => {
		const anything = fc.anything().map((thrown) => thrown);
		fc.assert(
			fc.property(fc.oneof(fc.string().map(coded), anything), (error) => {
				const { reason, errorType } = failureOf(
					error,
					inPhase("connect"),
					running,
				);
				expect(reason).not.toContain("s3cret");
				expect(reason).toContain(errorType);
				expect(errorType).toMatch(/^\w{1,64}$/);
			}),
		);
	});
});

describe("a request that takes too long", () => {
	test.each([
		["dns", 0, 0, "its host name was still being looked up"],
		["connect", 0, 0, "it was still connecting"],
		["tls", 0, 1, "TLS was still being set up, after 1 redirect"],
		["first_byte", 0, 2, "it had sent nothing, after 2 redirects"],
		["first_byte", 1, 0, "it had sent 1 byte of its headers"],
		["transfer", 0, 0, "its answer was still coming"],
		["transfer", 12, 0, "it had sent 12 bytes of its answer"],
	] as const)(
		"in %s after %i bytes and %i redirects says so",
		(phase, count, redirects, words) => {
			const progress = inPhase(phase, count, redirects);
			expect(failureOf(coded("ECONNRESET"), progress, overdue)).toEqual({
				reason: `did not answer within 10 s: ${words}`,
				errorType: "timeout",
			});
		},
	);

	test("is told from one that was stopped", () => {
		for (const phase of phases) {
			const stopped = { ended: "stop", seconds: 10 } as const;
			expect(failureOf(coded("X"), inPhase(phase), stopped)).toEqual({
				reason: "was not asked to the end",
				errorType: "aborted",
			});
		}
	});
});
