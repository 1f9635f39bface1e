import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goVersion } from "../../scripts/programs/go.ts";
import { programNames, sources } from "../../scripts/programs/sources.ts";
import { program } from "../support/program.ts";
import { waitFor } from "../support/wait-for.ts";

const script = fileURLToPath(
	new URL("../../scripts/programs.ts", import.meta.url),
);

describe("the programs that were built", () => {
	const built = Object.fromEntries(
		programNames.map((name) => [name, program(name)]),
	);
	const versionOf = (name: string) =>
		sources.find(({ programs }) => programs.some((each) => each === name))
			?.version;

	for (const [name, { path, isMissing }] of Object.entries(built)) {
		test.skipIf(isMissing)(`${name} is of the pinned version`, () => {
			const printed = execFileSync(path, ["--version"], { encoding: "utf8" });
			expect(printed).toMatch(
				new RegExp(`\\bversion ${versionOf(name)?.replaceAll(".", "\\.")}\\b`),
			);
		});

		test.skipIf(isMissing || goVersion() === undefined)(
			`${name} needs no library of the system`,
			() => {
				const printed = execFileSync("go", ["version", "-m", path], {
					encoding: "utf8",
				});
				expect(printed).toContain("CGO_ENABLED=0");
			},
		);
	}

	const { otelcol } = built;
	test.skipIf(!otelcol || otelcol.isMissing)(
		"the collector has every component that the pipeline uses",
		() => {
			const printed = execFileSync(otelcol?.path ?? "", ["components"], {
				encoding: "utf8",
			});
			const names = [...printed.matchAll(/- name: (\w+)/g)].map(
				([, name]) => name,
			);
			expect(names.sort()).toEqual(
				[
					["otlp"],
					["memory_limiter", "batch", "transform", "redaction"],
					["groupbyattrs", "filter", "resource", "attributes", "interval"],
					["delta_to_cumulative", "tail_sampling"],
					["otlp_http", "otlp_grpc", "debug", "file", "prometheus"],
					["span_metrics", "service_graph", "forward"],
					["health_check", "file_storage", "bearertokenauth"],
				]
					.flat()
					.sort(),
			);
		},
	);
});

describe("the script that builds them", () => {
	let folder: string;
	let cache: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "programs-"));
		cache = join(folder, "cache", "adult-matching-monitoring");
		mkdirSync(join(folder, "bin"));
		mkdirSync(join(folder, "module"));
		writeFileSync(join(folder, "module", "go.mod"), "module stand-in\n");
	});
	afterEach(() => rmSync(folder, { recursive: true }));

	/** Puts a program in Go's place that says its version, tells where a module is, and builds as told. */
	function standInForGo(build: string, version = "1.99.0"): void {
		const lines = [
			"#!/bin/sh",
			`echo "$1" >> '${folder}/calls'`,
			'case "$1" in',
			`version) echo 'go version go${version} linux/amd64' ;;`,
			`mod) echo '{"Dir": "${folder}/module"}' ;;`,
			`build) for arg; do case "$arg" in -o=*) out="\${arg#-o=}" ;; esac; done; ${build} ;;`,
			"esac",
		];
		writeFileSync(join(folder, "bin", "go"), lines.join("\n"), { mode: 0o755 });
	}
	const succeed = 'echo built > "$out"promtool';

	function start(args: readonly string[], environment = {}) {
		const child = spawn(process.execPath, [script, ...args], {
			env: {
				PATH: `${folder}/bin:/bin`,
				XDG_CACHE_HOME: join(folder, "cache"),
				...environment,
			},
			stdio: ["ignore", "ignore", "pipe"],
		});
		const result = new Promise<number | null>((resolve) => {
			child.on("exit", resolve);
		}).then(async (code) => ({ code, printed: await printed }));
		const printed = text(child.stderr);
		return { child, result };
	}

	function run(args: readonly string[], environment = {}) {
		return start(args, environment).result;
	}

	function calls(command: string): number {
		const lines = readFileSync(join(folder, "calls"), "utf8").split("\n");
		return lines.filter((line) => line === command).length;
	}

	/** Paths in the cache, without the key in the name of the source's folder. */
	function cached(): string[] {
		return readdirSync(cache, { recursive: true, encoding: "utf8" })
			.map((path) => path.replace(/-[0-9a-f]{12}/, ""))
			.sort();
	}
	const builtOnly = [
		"prometheus-3.16.0",
		"prometheus-3.16.0/bin",
		"prometheus-3.16.0/bin/promtool",
		"prometheus-3.16.0/lock",
	];

	test("names the programs that there are when it is asked for another", async () => {
		expect(await run(["promtol", "prometheus"])).toEqual({
			code: 1,
			printed:
				"no program is named promtol: there are promtool, prometheus, otelcol, alertmanager, amtool\n",
		});
		expect(existsSync(cache)).toBe(false);
	});

	test("without Go it says what is skipped and why, and fails in CI alone", async () => {
		const path = { PATH: join(folder, "bin") };
		const printed =
			"alertmanager, amtool 0.34.2: skipped, as there is no Go on the path: install Go 1.26.0 or newer to have it\n";
		expect(await run(["amtool"], path)).toEqual({ code: 0, printed });
		expect(await run(["amtool"], { ...path, CI: "true" })).toEqual({
			code: 1,
			printed,
		});
	});

	test("with a Go that is too old it says what is skipped and why", async () => {
		standInForGo(succeed, "1.9.7");
		const printed =
			"promtool, prometheus 3.16.0: skipped, as Go 1.9.7 is too old: it takes 1.26.7 or newer\n";
		expect(await run(["promtool"])).toEqual({ code: 0, printed });
		expect((await run(["promtool"], { CI: "true" })).code).toBe(1);
	});

	test("builds once, and knows the second time that it has", async () => {
		standInForGo(succeed);
		const first = await run(["promtool", "prometheus"]);
		expect(first.code).toBe(0);
		expect(first.printed).toMatch(
			/^promtool, prometheus 3\.16\.0: building, about \d min the first time\npromtool, prometheus 3\.16\.0: built in \d+ s, in .*\/bin\n$/,
		);
		expect(cached()).toEqual(builtOnly);
		expect(await run(["prometheus"])).toEqual({
			code: 0,
			printed: "promtool, prometheus 3.16.0: there already\n",
		});
		expect(calls("build")).toBe(1);
	});

	test("shows what Go printed when a build fails, leaves nothing half done, and builds at the next try", async () => {
		standInForGo(
			"echo 'undefined: frobnicate' >&2; touch \"$out\"promtool; exit 1",
		);
		const { code, printed } = await run(["promtool"]);
		expect(code).toBe(1);
		expect(printed).toMatch(
			/\nundefined: frobnicate\npromtool, prometheus 3\.16\.0: not built: go build .* ended with 1\n$/,
		);
		expect(cached()).toEqual(["prometheus-3.16.0", "prometheus-3.16.0/lock"]);
		standInForGo(succeed);
		expect((await run(["promtool"])).code).toBe(0);
		expect(cached()).toEqual(builtOnly);
	});

	test("two that run at once build once", async () => {
		const goOn = join(folder, "go-on");
		standInForGo(
			`while [ -d '${folder}' ] && [ ! -e '${goOn}' ]; do sleep 0.1; done; ${succeed}`,
		);
		const first = start(["promtool"]);
		await waitFor(
			() => existsSync(join(folder, "calls")) && calls("build") === 1,
		);
		const second = start(["promtool"]);
		await once(second.child.stderr, "data");
		writeFileSync(goOn, "");
		expect(await second.result).toEqual({
			code: 0,
			printed:
				"promtool, prometheus 3.16.0: waiting for the process that builds it already\n",
		});
		expect(cached()).toEqual(builtOnly);
		expect((await first.result).code).toBe(0);
		expect(calls("build")).toBe(1);
	});

	test("one that is killed while it builds holds no other up", async () => {
		standInForGo("exec sleep 5");
		const killed = start(["promtool"]);
		await waitFor(
			() => existsSync(join(folder, "calls")) && calls("build") === 1,
		);
		const ended = once(killed.child, "exit");
		killed.child.kill("SIGKILL");
		await ended; // Which takes one of low priority a while on a busy machine.
		standInForGo(succeed);
		const { code, printed } = await run(["promtool"]);
		expect({ code, printed }).toEqual({
			code: 0,
			printed: expect.not.stringContaining("waiting"),
		});
		expect(cached()).toEqual(builtOnly);
	});

	test("one that is told to stop ends its build and leaves nothing half done", async () => {
		standInForGo("exec sleep 600");
		const { child, result } = start(["promtool", "amtool"]);
		await waitFor(
			() => existsSync(join(folder, "calls")) && calls("build") === 1,
		);
		child.kill("SIGTERM");
		const { code, printed } = await result;
		expect(code).toBe(1);
		expect(printed).toMatch(/\npromtool, prometheus 3\.16\.0: stopped\n$/);
		expect(cached()).toEqual(["prometheus-3.16.0", "prometheus-3.16.0/lock"]);
	});
});
