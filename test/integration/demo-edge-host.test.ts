import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Child } from "../../examples/demo/child.ts";
import { cleanEnvironment } from "../support/monitor-process.ts";
import { waitFor } from "../support/wait-for.ts";

const pathOf = (file: string) =>
	fileURLToPath(new URL(`../../${file}`, import.meta.url));

const deno = pathOf("node_modules/deno/deno");

let host: Child;
let lines: string[];
let functions: string;

async function start(environment: Record<string, string> = {}): Promise<void> {
	lines = [];
	host = new Child(
		{
			name: "edge host",
			program: deno,
			args: [
				"run",
				"--allow-all",
				"--no-check",
				"--unstable-no-legacy-abort",
				pathOf("examples/edge-host.ts"),
				pathOf("test/fixtures/edge-functions"),
			],
			environment: { ...cleanEnvironment(), PORT: "0", ...environment },
		},
		(line) => lines.push(line),
	);
	functions = `http://127.0.0.1:${await host.port()}/functions/v1`;
}

const ask = (path: string, init?: RequestInit) =>
	fetch(`${functions}${path}`, init);
const textOf = async (path: string) => (await ask(path)).text();

test("host and functions are type-checked by Deno", () => {
	const { status, stderr } = spawnSync(
		deno,
		[
			"check",
			"--quiet",
			pathOf("examples/edge-host.ts"),
			pathOf("examples/edge/worker.ts"),
			...[
				"enhanced_two_tower_recommendations",
				"user_management",
				"content_feed",
			].map((name) => pathOf(`supabase/functions/${name}/index.ts`)),
		],
		{ encoding: "utf8", env: { NO_COLOR: "1" } },
	);
	expect(stderr).toBe("");
	expect(status).toBe(0);
}, 60_000);

describe("the host", () => {
	beforeEach(() => start());
	afterEach(() => host.stop());

	describe("a function", () => {
		test.each([
			["/exported/x?y=1", '{"path":"/exported/x?y=1","requests":1}'],
			["/object", "by its fetch"],
			["/served", "by Deno.serve"],
		])("is served in each form that Supabase knows: %s", async (path, text) => {
			expect(await textOf(path)).toBe(text);
		});

		test("gets the request as it came, and its answer goes back as it is", async () => {
			const response = await ask("/exported/echo", {
				method: "POST",
				body: Buffer.from([0, 200, 10, 13]),
				headers: { traceparent: "00-1-2-01", "x-own": "kept" },
			});
			expect(response.status).toBe(201);
			expect(Buffer.from(await response.arrayBuffer())).toEqual(
				Buffer.from([0, 200, 10, 13]),
			);
			const headers = new Map(
				JSON.parse(response.headers.get("x-request") ?? "[]"),
			);
			expect(headers.get("traceparent")).toBe("00-1-2-01");
			expect(headers.get("x-own")).toBe("kept");
		});

		test("may stream: what it has sent arrives before it goes on", async () => {
			const { body } = await ask("/exported/stream");
			const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
			expect((await reader?.read())?.value).toBe("first");
			await ask("/exported/release");
			expect((await reader?.read())?.value).toBe("second");
			expect((await reader?.read())?.done).toBe(true);
		});

		test("may redirect, which is not followed", async () => {
			const response = await ask("/exported/redirect", { redirect: "manual" });
			expect(response.status).toBe(302);
			expect(response.headers.get("location")).toBe(
				"http://example.com/elsewhere",
			);
		});

		test("that is not there, or does not start, is answered with 404 and 503", async () => {
			expect((await ask("/nothing")).status).toBe(404);
			expect((await ask("/..%2Fedge-functions%2Fobject")).status).toBe(404);
			expect((await ask("/broken")).status).toBe(503);
			expect(lines.join()).toContain("broken on purpose");
			expect(await textOf("/object")).toBe("by its fetch");
		});
	});

	describe("an isolate", () => {
		test("that dies takes its requests with it, is told of, and is replaced by a new one", async () => {
			expect(await textOf("/exported/")).toContain('"requests":1');
			expect(await textOf("/exported/")).toContain('"requests":2');
			expect((await ask("/exported/die")).status).toBe(502);
			expect(lines.join()).toContain("the isolate of exported died");
			expect(await textOf("/exported/")).toContain('"requests":1');
		});

		test("lives until its background work is done, and is told why it has to go", async () => {
			expect(await textOf("/exported/background?last")).toBe("answered");
			await host.stop();
			const { how } = await host.ended;
			expect(how).toBe("exit code 0");
			expect(lines.slice(-2)).toEqual([
				'{"done":"?last"}',
				'{"told":"termination"}',
			]);
		});

		test("that is old is replaced, and finishes what it has begun", async () => {
			await host.stop();
			await start({ ISOLATE_LIFETIME: "1" });
			await textOf("/exported/background?old");
			await waitFor(async () => {
				const { requests } = JSON.parse(await textOf("/exported/"));
				return requests === 1;
			});
			await waitFor(() => lines.includes('{"told":"wall_clock"}'));
			expect(lines.indexOf('{"done":"?old"}')).toBeGreaterThan(-1);
			expect(lines.indexOf('{"done":"?old"}')).toBeLessThan(
				lines.indexOf('{"told":"wall_clock"}'),
			);
		});
	});

	test("requests to the same function share an isolate, each with its own answer", async () => {
		const answers = await Promise.all(
			Array.from({ length: 20 }, async (_, at) =>
				JSON.parse(await textOf(`/exported/${at}`)),
			),
		);
		expect(answers.map(({ path }) => path)).toEqual(
			Array.from({ length: 20 }, (_, at) => `/exported/${at}`),
		);
		expect(Math.max(...answers.map(({ requests }) => requests))).toBe(20);
	});
});
