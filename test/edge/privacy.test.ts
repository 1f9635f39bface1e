import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Backend, startBackend } from "./backend.ts";
import { type Child, startDeno, startNode } from "./child.ts";
import { OtlpReceiver } from "./otlp-receiver.ts";

const canary = "c4n4ry-in-a-coal-mine";
const inMessage = "only-in-the-message";
const user = "user-7-of-the-house";
const address = "203.0.113.77";
/** What a link to reset a password has in its path. */
const key = "r0123456789abcdef0123456789";
const salt = "a pinch";

describe.each([
	["Deno", startDeno],
	["Node", startNode],
])("what users send stays in the isolate, under %s:", (_, start) => {
	let receiver: OtlpReceiver;
	let backend: Backend;
	let child: Child;
	let lines: string[];

	beforeAll(async () => {
		receiver = await OtlpReceiver.start();
		backend = await startBackend();
		child = await start("login.ts", {
			BACKEND: backend.url,
			IN_MESSAGE: inMessage,
			LOG_LEVEL: "DEBUG",
			OTEL_LOGS_EXPORTER: "otlp",
			OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
			MONITORING_USER_ID_SALT: salt,
		});
		for (const path of ["reset", "throw"]) {
			const url = `http://127.0.0.1:${child.announced.port}/login/${canary}@example.com/${user}/${key}/${path}`;
			const answer = await fetch(`${url}?token=${canary}`, {
				method: "POST",
				headers: {
					cookie: `session=${canary}`,
					authorization: `Bearer ${canary}`,
					"user-agent": canary,
					"x-api-key": canary,
					"x-forwarded-for": address,
					"x-user": user,
					baggage: `user=${canary}`,
				},
				body: `${canary} is no JSON`,
			});
			expect(answer.status).toBe(path === "throw" ? 500 : 200);
		}
		const servers = () => receiver.spans().filter(({ kind }) => kind === 2);
		const patience = { timeout: 20_000 };
		await vi.waitUntil(() => servers().length === 2, patience);
		await vi.waitUntil(() => receiver.logs().length > 10, patience);
		// What the runtime itself prints of a thrown error isn't the library's.
		lines = child.lines.filter((line) => line.startsWith('{"level"'));
	});
	afterAll(async () => {
		await child.stop();
		await backend.stop();
		await receiver.stop();
	});

	it.each([
		["a log line", () => lines.join("\n")],
		["a span, a metric or a log record", () => receiver.everything()],
	])(
		"%s holds no canary of password, token, cookie, query, e-mail and body",
		(_, text) => {
			expect(text().length).toBeGreaterThan(1000);
			const at = text().indexOf(canary);
			expect(at === -1 ? "" : text().slice(at - 200, at + 100)).toBe("");
			expect(text()).not.toContain(address);
		},
	);

	it("yet the lines are there, and tell what happened", () => {
		const messages = lines.map((line) => JSON.parse(line).message);
		expect(messages).toEqual(
			expect.arrayContaining([
				expect.stringMatching(/^login of \*\*\* at http.*\/throw\?\*\*\*$/),
				"the body is wrong",
				"the query failed",
				"the backend is away",
				"Validation failed",
				"Request failed",
				"Request completed successfully",
			]),
		);
	});

	it("keys in the path are in no span", () => {
		expect(JSON.stringify(receiver.spans())).not.toContain(key);
		const paths = receiver
			.spans()
			.map(({ attributes }) => attributes["url.path"]);
		expect(paths).toContain("/login/{id}/***/{id}/reset");
	});

	it("a thrown error's message is in the log line alone", () => {
		expect(lines.join("\n")).toContain(inMessage);
		const sent = receiver.requests
			.filter(({ path }) => path !== "/v1/logs")
			.map(({ body }) => body);
		expect(sent.join("\n")).not.toContain(inMessage);
	});

	it("the user's id is in log lines, and elsewhere only as a hash, with the salt that opts in", () => {
		expect(lines.join("\n")).toContain(`"userId":"${user}"`);
		expect(receiver.everything()).not.toContain(user);
		const hash = createHash("sha256").update(`${salt}\0${user}`).digest("hex");
		const servers = receiver.spans().filter(({ kind }) => kind === 2);
		for (const { attributes } of servers) {
			expect(attributes["user.hash"]).toBe(hash.slice(0, 32));
		}
		expect(JSON.stringify(receiver.points().map(String))).not.toContain(
			hash.slice(0, 32),
		);
	});
});
