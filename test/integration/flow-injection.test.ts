import { afterEach, beforeEach, expect, test } from "vitest";
import { runOnce } from "../unit/integration/flow/make-flow.ts";
import { Site } from "../unit/integration/flow/site.ts";

let site: Site;
beforeEach(async () => {
	site = new Site();
	await site.start();
});
afterEach(() => site.stop());

/** Runs a flow whose first answer holds the value, and whose second step is this request with it. */
async function run(value: string, path: string, request: object = {}) {
	site.answer = ({ line }) =>
		line === "GET /first" ? { body: { x: value } } : {};
	const { verdict } = await runOnce({
		steps: [
			{
				name: "first",
				request: { url: site.url("/first") },
				extract: { x: { json: "$.x" } },
			},
			{ name: "second", request: { url: site.url(path), ...request } },
		],
	});
	return verdict;
}

test("a value can't lead to another path", async () => {
	await run("../admin?all=1#x", `/users/\${x}/posts`);
	expect(site.lines().at(-1)).toBe("GET /users/..%2Fadmin%3Fall%3D1%23x/posts");
	const { state, reason } = await run("..", `/users/\${x}/posts`);
	expect([state, reason]).toEqual([
		"unhealthy",
		'step "second": the variable "x" would lead to another path',
	]);
	expect(site.lines().at(-1)).toBe("GET /first");
});

test("a value can't break out of JSON", async () => {
	const value = '"},"admin":true,{"';
	await run(value, "/", { method: "POST", body: { name: `\${x}` } });
	expect(JSON.parse(site.seen.at(-1)?.body ?? "")).toEqual({ name: value });
	await run(value, "/", { method: "POST", body: `{"name":"<\${x}>"}` });
	expect(JSON.parse(site.seen.at(-1)?.body ?? "")).toEqual({
		name: `<${value}>`,
	});
});

test("a value can't add a header", async () => {
	const { reason } = await run("7\r\nX-Admin: 1", "/", {
		headers: { "X-Id": `\${x}` },
	});
	expect(reason).toBe(
		`step "second": what is in the variable "x" can't stand in a header`,
	);
	expect(site.lines()).toEqual(["GET /first"]);
});

test("a value that looks like a variable is none", async () => {
	await run(`\${run_id}`, "/", { method: "POST", body: `\${x}` });
	expect(site.seen.at(-1)?.body).toBe(`\${run_id}`);
});
