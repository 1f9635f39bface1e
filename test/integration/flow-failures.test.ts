import { describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { runOnce, secret } from "../unit/integration/flow/make-flow.ts";
import { stepsOfSite } from "../unit/integration/flow/steps-of-site.ts";

const { site, get, step, reasonOf } = stepsOfSite();

describe("a step that fails", () => {
	test("says what it got instead of the expected statuses, and ends the flow", async () => {
		site().answer = () => ({ status: 500, body: { error: "no\nspace" } });
		const request = get("/create", { expected_status: [200, 201] });
		const { verdict } = await runOnce({
			steps: [{ name: "create", request }, step("later")],
		});
		expect(verdict).toEqual({
			state: "unhealthy",
			reason: String.raw`step "create": answered 500 instead of 200/201: {"error":"no\nspace"}`,
		});
		expect(site().lines()).toEqual(["GET /create"]);
	});

	test("expects any 2xx unless it is told", async () => {
		site().answer = () => ({ status: 404 });
		expect(await reasonOf(step("create"))).toBe(
			'step "create": answered 404 instead of 2xx',
		);
	});

	test("shows neither secrets nor addresses, and no more than a part", async () => {
		site().answer = () => ({
			status: 400,
			body: `${secret} ann@example.com Bearer abcdefgh 10.1.2.3 ${"x".repeat(200)}`,
		});
		expect(await reasonOf(step("create"))).toMatch(
			/^step "create": answered 400 instead of 2xx: \*\*\* \*\*\* Bearer \*\*\* \*\*\* x{50,}…$/,
		);
	});

	test("says which assertion does not hold", async () => {
		site().answer = () => ({ body: { ready: false, to: secret } });
		const request = (json: string) =>
			get("/", { assertions: [{ json, equals: true }] });
		expect(await reasonOf({ request: request("$.ready") })).toBe(
			'step "create": wanted $.ready to equal true, got false',
		);
		expect(await reasonOf({ request: request("$.to") })).toBe(
			'step "create": wanted $.to to equal true, got "***"',
		);
	});

	test("says that nobody listens", async () => {
		const url = `http://127.0.0.1:${await freePort()}/`;
		expect(await reasonOf({ request: { url } })).toBe(
			'step "create": refused the connection (ECONNREFUSED)',
		);
	});

	test("says that its time is over when its server hangs", async () => {
		site().answer = () => undefined;
		const request = get("/", { timeout: 0.2 });
		expect(await reasonOf({ request })).toMatch(
			/^step "create": did not answer within 0.2 s/,
		);
	});

	test("says what it could not extract", async () => {
		site().answer = () => ({ body: "<html>" });
		const extract = (from: object) =>
			reasonOf({ request: get("/"), extract: { id: from } });
		expect(await extract({ json: "$.id" })).toBe(
			'step "create": answered something that is not JSON',
		);
		expect(await extract({ header: "etag" })).toBe(
			'step "create": answered without the header etag',
		);
	});

	test("names the variable that is not there", async () => {
		expect(await reasonOf({ request: get(`/\${id}`) })).toBe(
			'step "create": the variable "id" is not there',
		);
		expect(site().seen).toEqual([]);
	});

	test("says so even when it is a mistake of the monitor's own", async () => {
		const { verdict } = await runOnce(
			{ steps: [step("create")] },
			{ request: () => Promise.reject(new TypeError("private")) },
		);
		expect(verdict.reason).toBe(
			'step "create": could not be carried out (TypeError)',
		);
	});

	test("says that there is no database for its query", async () => {
		expect(await reasonOf({ sql: "SELECT 1" })).toBe(
			'step "create": there is no database to ask',
		);
	});
});

test("a value that a header carried is not shown later", async () => {
	const opaque = "k3y-of-this-session";
	site().answer = ({ line }) =>
		line === "GET /login"
			? { body: { value: opaque } }
			: { status: 403, body: { refused: opaque } };
	const headers = { "X-Session": `\${value}` };
	const { verdict } = await runOnce({
		steps: [
			step("login", { extract: { value: { json: "$.value" } } }),
			{ name: "use", request: get("/use", { headers }) },
		],
	});
	expect(verdict.reason).toBe(
		'step "use": answered 403 instead of 2xx: {"refused":"***"}',
	);
});
