import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
	cleanEnvironment,
	cli,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { blocksOf } from "../support/readme.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { scripts } = JSON.parse(
	readFileSync(join(root, "package.json"), "utf8"),
);

let folder: string;
beforeEach(() => {
	folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

function check(config: string, environment: Record<string, string> = {}) {
	writeFileSync(join(folder, "monitoring.yaml"), config);
	return spawnSync(process.execPath, [cli, "check"], {
		cwd: folder,
		encoding: "utf8",
		env: { ...cleanEnvironment(), ...environment },
	});
}

describe.each(["README.md", "README.ja.md"])("%s", (file) => {
	test("shows a configuration that is valid", () => {
		const [config = ""] = blocksOf(file, "yaml");
		const { status, stderr } = check(config);
		expect(stderr).toBe("");
		expect(status).toBe(0);
	});

	test("shows mistakes as they are told", () => {
		const [config = ""] = blocksOf(file, "yaml");
		const wrong = config
			.replace("disk_warning", "disc_warning")
			.replace("http://localhost:8002/health", "localhost:8002");
		const { status, stderr } = check(wrong);
		expect(status).toBe(1);
		const shown = blocksOf(file, "text").at(-1) ?? "";
		expect(stderr.trim().split("\n").toSorted()).toEqual(
			shown.trim().split("\n"),
		);
	});

	test("names only commands that there are", () => {
		const text = readFileSync(join(root, file), "utf8");
		const named = [...text.matchAll(/npm (?:run )?([a-z:]+)/g)].map(
			([, name = ""]) => name,
		);
		expect(named.length).toBeGreaterThan(3);
		for (const name of named) expect(Object.keys(scripts)).toContain(name);
	});

	test("names only files that there are", () => {
		const text = readFileSync(join(root, file), "utf8");
		for (const [, path = ""] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
			expect(readFileSync(join(root, path), "utf8")).not.toBe("");
		}
	});
});

test("docs/integration.md shows configurations that are valid", () => {
	const configs = blocksOf("docs/integration.md", "yaml");
	expect(configs).toHaveLength(5);
	for (const config of configs) {
		const { status, stderr } = check(config, {
			SUPABASE_URL: "https://abcd.supabase.co",
			PARTNER_KEY: "key-of-the-partner",
			HEARTBEAT_TOKEN: "token-of-the-jobs",
		});
		expect(stderr).toBe("");
		expect(status).toBe(0);
	}
});

test("both languages show the same code", () => {
	const withoutComments = (block: string) => block.replace(/ *#.*$/gm, "");
	for (const language of ["sh", "yaml", "ts", "text"]) {
		expect(blocksOf("README.ja.md", language).map(withoutComments)).toEqual(
			blocksOf("README.md", language).map(withoutComments),
		);
	}
});

test("npm run check works as the README says", () => {
	const { status, stdout } = spawnSync("npm", ["run", "check"], {
		cwd: root,
		encoding: "utf8",
		env: cleanEnvironment(),
	});
	expect(status).toBe(0);
	expect(stdout).toContain("collection_interval: 15");
});
