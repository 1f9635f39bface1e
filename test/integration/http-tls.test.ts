import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { request } from "../../src/integration/http/request.ts";
import {
	type Certificate,
	type Certificates,
	makeCertificates,
} from "../support/certificates.ts";
import {
	answering,
	endlessly,
	httpRequest,
	LyingServer,
	speaking,
} from "../support/lying-server.ts";

const known = getCACertificates("default");
let certificates: Certificates;
let server: LyingServer | undefined;

beforeAll(async () => {
	certificates = await makeCertificates();
	setDefaultCACertificates([...known, certificates.authority]);
});
afterEach(async () => {
	await server?.close();
	server = undefined;
});
afterAll(() => setDefaultCACertificates(known));

/** What a request to a server with the certificate brings. */
async function ask(certificate: Certificate, verifyTls = true, host?: string) {
	await server?.close();
	const lie = speaking((_request, response) => response.end("hello"));
	server = new LyingServer(lie, certificate);
	const origin = await server.start();
	return askAt(host ? origin.replace("127.0.0.1", host) : origin, verifyTls);
}

const askAt = (url: string, verifyTls = true) =>
	request(
		httpRequest(url, { verifyTls, headers: { "X-Key": "secret" } }),
		{},
		new AbortController().signal,
	);

describe("a certificate", () => {
	test("that is right is accepted for a name and for an address, with its end", async () => {
		const { right } = certificates;
		for (const host of ["localhost", "127.0.0.1"]) {
			expect(await ask(right, true, host)).toMatchObject({
				kind: "answer",
				body: "hello",
				certificateExpiry: right.notAfter,
				phases: { tls: expect.any(Number) },
			});
		}
	});

	test("ends when the first one of its chain does", async () => {
		const { soonEndingChain } = certificates;
		const { certificateExpiry } = await ask(soonEndingChain);
		expect(certificateExpiry).toBe(soonEndingChain.notAfter);
	});

	const wrongs = [
		["expired", "its certificate has expired (CERT_HAS_EXPIRED)"],
		[
			"wrongName",
			"its certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID)",
		],
		[
			"selfSigned",
			"its certificate is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT)",
		],
	] as const;

	test.each(wrongs)(
		"that is %s is refused, and its end is told",
		async (which, reason) => {
			const certificate = certificates[which];
			const result = await ask(certificate);
			expect(result).toMatchObject({
				kind: "failure",
				reason,
				certificateExpiry: certificate.notAfter,
			});
			expect(result.phases).not.toHaveProperty("tls");
		},
	);

	test.each(wrongs)(
		"that is %s gets to see no byte of the request",
		async (which) => {
			let seen = "";
			server = new LyingServer((socket) => {
				socket.on("data", (data) => {
					seen += data.toString();
				});
			}, certificates[which]);
			await askAt(await server.start());
			await expect.poll(() => server?.open).toBe(0);
			expect(seen).toBe("");
		},
	);

	test.each(wrongs)(
		"that is %s is accepted where none is verified",
		async (which) => {
			expect(await ask(certificates[which], false)).toMatchObject({
				kind: "answer",
				body: "hello",
			});
		},
	);

	test("of an authority that nobody knows is refused", async () => {
		setDefaultCACertificates(known);
		const result = await ask(certificates.right);
		setDefaultCACertificates([...known, certificates.authority]);
		expect(result).toMatchObject({
			reason:
				"its certificate is of an unknown authority (UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
		});
	});
});

describe("a server asked by https", () => {
	test("that speaks HTTP alone is said not to speak TLS", async () => {
		server = new LyingServer(answering("HTTP/1.1 400 Bad Request\r\n\r\n"));
		const origin = await server.start();
		expect(await askAt(origin.replace("http:", "https:"))).toMatchObject({
			reason: expect.stringMatching(/^does not speak TLS \(ERR_SSL_\w+\)$/),
		});
	});

	test("that hangs up is said to, and so is one that says nothing", async () => {
		server = new LyingServer(answering(""));
		const origin = (await server.start()).replace("http:", "https:");
		expect(await askAt(origin)).toMatchObject({
			reason: "closed the connection while TLS was set up (ECONNRESET)",
		});
		await server.close();
		server = new LyingServer(() => {});
		const options = httpRequest(
			(await server.start()).replace("http:", "https:"),
			{ timeout: 1 },
		);
		expect(
			await request(options, {}, new AbortController().signal),
		).toMatchObject({
			reason: "did not answer within 1 s: TLS was still being set up",
		});
	});

	test("that gives an endless answer is cut off", async () => {
		const head = "HTTP/1.1 200 OK\r\n\r\n";
		const lie = endlessly(head, Buffer.alloc(65536));
		server = new LyingServer(lie, certificates.right);
		expect(await askAt(await server.start())).toMatchObject({
			reason: "its answer is longer than 1 MiB",
		});
	});
});
