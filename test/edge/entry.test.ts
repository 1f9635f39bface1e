import { spawn, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { denoProgram, pathOf, startDeno, startNode } from "./child.ts";
import { exampleProject } from "./users-example.ts";

const root = join(import.meta.dirname, "../..");
let project: { folder: string; file: string };

beforeAll(() => {
	project = exampleProject();
});
afterAll(() => rmSync(project.folder, { recursive: true }));

describe("the users' example", () => {
	it.each([
		["Deno", startDeno],
		["Node", startNode],
	])("runs when it is given to a server, under %s", async (_, start) => {
		const child = await start("default-export.ts", {
			FUNCTION_FILE: project.file,
		});
		try {
			const url = `http://127.0.0.1:${child.announced.port}/`;
			expect(await (await fetch(url)).json()).toEqual(["for user123"]);
		} finally {
			await child.stop();
		}
	});
});

describe("deno serve takes", () => {
	it.each([
		["the users' example", () => project.file, '["for user123"]'],
		["export default { fetch }", () => pathOf("default-fetch.ts"), "declared"],
	])("%s", async (_, file, body) => {
		const args = ["serve", "-A", "--no-check", "--port", "0", file()];
		const child = spawn(denoProgram, args, { env: { NO_COLOR: "1" } });
		try {
			const [port] = await new Promise<string[]>((resolve) => {
				createInterface(child.stderr).on("line", (line) => {
					const found = /Listening on http:\/\/[^:]+:(\d+)/.exec(line);
					if (found) resolve(found.slice(1));
				});
			});
			const answer = await fetch(`http://127.0.0.1:${port}/`);
			expect(await answer.text()).toBe(body);
			expect(answer.headers.get("traceresponse")).toMatch(/^00-/);
		} finally {
			child.kill("SIGKILL");
		}
	});
});

it("the import changes nothing, and without any permission the handler answers all the same", async () => {
	const child = await startDeno("nothing-allowed.ts", {}, [
		`--allow-read=${root}`,
	]);
	await expect.poll(() => child.lines.length).toBe(3);
	await child.stop();
	expect(child.lines.map((line) => JSON.parse(line))).toEqual([
		expect.objectContaining({ level: "INFO", message: "inside" }),
		expect.objectContaining({ message: "Request completed successfully" }),
		{ changed: 0, answered: 1 },
	]);
});

describe("the folder, copied as it is,", () => {
	const strict = {
		strict: true,
		noUncheckedIndexedAccess: true,
		exactOptionalPropertyTypes: true,
		noImplicitOverride: true,
		noImplicitReturns: true,
		noFallthroughCasesInSwitch: true,
		noUnusedLocals: true,
		noUnusedParameters: true,
		verbatimModuleSyntax: true,
		erasableSyntaxOnly: true,
	};

	it("is type-checked by Deno under its strictest settings, with the users' example", () => {
		// The example does not use the request.
		const compilerOptions = { ...strict, noUnusedParameters: false };
		writeFileSync(
			join(project.folder, "deno.json"),
			JSON.stringify({ compilerOptions }),
		);
		const { status, stderr } = spawnSync(
			denoProgram,
			[
				"check",
				"--quiet",
				"_shared/monitoring/logger.ts",
				"recommendations/*.ts",
			],
			{ cwd: project.folder, encoding: "utf8", env: { NO_COLOR: "1" } },
		);
		expect(stderr).toBe("");
		expect(status).toBe(0);
	}, 60_000);

	it("is type-checked by tsc, with the types of Node and without those of a browser", () => {
		const { status, stdout } = spawnSync(
			join(root, "node_modules/.bin/tsc"),
			["-p", join(root, "supabase/functions"), "--pretty", "false"],
			{ encoding: "utf8" },
		);
		expect(stdout).toBe("");
		expect(status).toBe(0);
	}, 60_000);
});
