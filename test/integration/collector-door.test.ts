import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { edgeRequests } from "../support/stack/requests.ts";
import { isStackMissing, TestStack } from "../support/stack.ts";
import { waitFor } from "../support/wait-for.ts";

let stack: TestStack;

function send(
	endpoint: string,
	headers: Readonly<Record<string, string>> = {},
	body = edgeRequests(1).traces,
): Promise<Response> {
	return fetch(`${endpoint}/v1/traces`, {
		method: "POST",
		headers: { "content-type": "application/json", ...headers },
		body,
	});
}

describe.skipIf(isStackMissing)("the collector's door", () => {
	beforeAll(async () => {
		stack = await TestStack.start();
	}, 60_000);
	afterAll(async () => {
		await stack?.end();
	});

	test.each([
		["no token", {}],
		["another token", { authorization: "Bearer wrong" }],
		["no more than the word", { authorization: "Bearer " }],
		["the token by another scheme", { authorization: "Basic TOKEN" }],
		["the token alone", { authorization: "TOKEN" }],
	])("is closed to an edge function with %s", async (_, headers) => {
		const given = Object.entries(headers).map(([name, value]) => [
			name,
			value.replace("TOKEN", stack.programs.edgeToken),
		]);
		const { urls } = stack;
		const response = await send(urls.edgeOtlp, Object.fromEntries(given));
		expect(response.status).toBe(401);
	});

	test("is open to an edge function with the token", async () => {
		const { traces, spanIds } = edgeRequests(1);
		const authorization = `Bearer ${stack.programs.edgeToken}`;
		const { urls } = stack;
		const response = await send(urls.edgeOtlp, { authorization }, traces);
		expect(response.status).toBe(200);
		await waitFor(async () => {
			const spans = await stack.sinkSpans();
			return spanIds.every((id) => spans.has(id));
		});
	});

	test("takes a new token without a restart", async () => {
		const token = "another-token-0123456789";
		writeFileSync(join(stack.programs.folder, "edge-token"), token);
		const authorization = `Bearer ${token}`;
		await waitFor(
			async () => (await send(stack.urls.edgeOtlp, { authorization })).ok,
		);
	});

	test("takes no body from the internet that is larger than what the edge library sends", async () => {
		const authorization = `Bearer another-token-0123456789`;
		const huge = JSON.stringify({ resourceSpans: [], filler: "x".repeat(9e6) });
		const { urls } = stack;
		const response = await send(urls.edgeOtlp, { authorization }, huge);
		expect(response.status).toBeGreaterThanOrEqual(400);
	});

	test("gives no page of another origin leave to send", async () => {
		for (const endpoint of [stack.urls.otlp, stack.urls.edgeOtlp]) {
			const asked = await fetch(`${endpoint}/v1/traces`, {
				method: "OPTIONS",
				headers: {
					origin: "https://evil.example",
					"access-control-request-method": "POST",
					"access-control-request-headers": "content-type,authorization",
				},
			});
			const sent = await send(endpoint, { origin: "https://evil.example" });
			for (const { headers } of [asked, sent]) {
				const names = [...headers.keys()];
				expect(names.filter((name) => name.includes("allow-"))).toEqual([]);
			}
		}
	});

	test("answers how it is, and tells Prometheus", async () => {
		expect((await fetch(stack.urls.collectorHealth)).status).toBe(200);
		await waitFor(
			async () => (await stack.value('up{job="otel-collector"}')) === 1,
			40,
		);
	}, 60_000);
});
