import { describe, expect, test } from "vitest";
import {
	ExplainedError,
	endsConnection,
	reasonOf,
} from "../../../src/postgres/failure.ts";

/** An error as Node, OpenSSL and pg give it: what matters is its code. */
function failure(
	code: string,
	message = 'role "ann" at 192.0.2.7 failed',
): Error {
	return Object.assign(new Error(message), { code });
}

test.each([
	["ECONNREFUSED", "nothing listens there"],
	["ENOTFOUND", "the host's name is not known"],
	["28P01", "user name or password are wrong"],
	["28000", "pg_hba.conf"],
	["3D000", "there is no such database"],
	["53300", "too many clients"],
	["57P03", "starting up"],
	["57014", "it took too long"],
	["CERT_HAS_EXPIRED", "the server's certificate has expired"],
	[
		"ERR_TLS_CERT_ALTNAME_INVALID",
		"the server's certificate is for another host",
	],
	["ERR_OSSL_PEM_NO_START_LINE", "they must be PEM files"],
	["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "TLS could not be agreed on"],
	["08P01", "look at the pooler's log"],
])("explains %s in words", (code, words) => {
	expect(reasonOf(failure(code))).toContain(words);
});

test.each([
	["Tenant or user not found", "the pooler does not know the user"],
	[
		"(ENOTFOUND) tenant/user ann.abc not found",
		"the pooler does not know the user",
	],
	[
		"MaxClientsInSessionMode: max clients reached",
		"the pooler has no connection left",
	],
	["Max client connections reached", "the pooler has no connection left"],
])("explains what Supabase's pooler means by %s", (message, words) => {
	expect(reasonOf(failure("XX000", message))).toContain(words);
});

describe("an error that it does not know", () => {
	test("is named by its code, without its message", () => {
		expect(reasonOf(failure("58030"))).toBe(
			"it failed with 58030: look at the server's log",
		);
	});

	test("of a program is named by its kind, without its message", () => {
		expect(reasonOf(new TypeError("secret"))).toBe(
			"it failed with TypeError: look at the server's log",
		);
	});

	test("that is none is still a sentence", () => {
		expect(reasonOf("secret")).toBe("it failed for an unknown reason");
	});
});

test("repeats our own messages, which hold no secret", () => {
	expect(reasonOf(new ExplainedError("the file cannot be read"))).toBe(
		"the file cannot be read",
	);
});

test("knows the errors that end a connection from those of one query", () => {
	expect(
		["57P01", "57P02", "57P03", "57P05"].map((code) =>
			endsConnection(failure(code)),
		),
	).toEqual([true, true, true, true]);
	expect(
		["42501", "57014", "55P03"].map((code) => endsConnection(failure(code))),
	).toEqual([false, false, false]);
});
