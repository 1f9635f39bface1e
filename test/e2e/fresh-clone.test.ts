import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { freePort } from "../support/free-port.ts";
import {
	cleanEnvironment,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { sampleValue } from "../support/prometheus-text.ts";
import { waitFor } from "../support/wait-for.ts";

const status = z.object({
	integration: z
		.object({
			state: z.string(),
			groups: z.array(z.object({ name: z.string(), state: z.string() })),
		})
		.optional(),
});
const root = fileURLToPath(new URL("../../", import.meta.url));
let clone: string;

beforeAll(() => {
	clone = temporaryFolder();
	const files = spawnSync(
		"git",
		["ls-files", "--cached", "--others", "--exclude-standard"],
		{ cwd: root, encoding: "utf8" },
	);
	for (const file of files.stdout.trim().split("\n")) {
		mkdirSync(dirname(join(clone, file)), { recursive: true });
		cpSync(join(root, file), join(clone, file));
	}
});
afterAll(() => removeFolder(clone));

/** The environment of a user who has Node and npm, and nothing of this project. */
function userEnvironment(): Record<string, string | undefined> {
	const entries = Object.entries(cleanEnvironment()).filter(
		([name]) => !name.toLowerCase().startsWith("npm_"),
	);
	const path = (process.env.PATH ?? "")
		.split(delimiter)
		.filter((folder) => !folder.includes("node_modules"))
		.join(delimiter);
	return { ...Object.fromEntries(entries), PATH: path };
}

test("npm start in a fresh clone installs what is missing, and monitors host, Postgres and the demo", async () => {
	const port = await freePort();
	const child = spawn("npm", ["start"], {
		cwd: clone,
		env: { ...userEnvironment(), PROMETHEUS_PORT: String(port) },
		detached: true, // A group of its own, that a signal reaches as Ctrl-C does.
	});
	let output = "";
	child.stdout.on("data", (text) => {
		output += text;
	});
	child.stderr.on("data", (text) => {
		output += text;
	});
	await waitFor(() => {
		if (child.exitCode !== null) throw new Error(output);
		return output.includes("monitoring; the system is");
	}, 240);
	expect(output).toContain("Installing what is missing");

	const response = await fetch(`http://127.0.0.1:${port}/metrics`);
	const metrics = await response.text();
	expect(sampleValue(metrics, "adult_matching_db_up"), output).toBe(1);
	expect(
		sampleValue(metrics, "adult_matching_system_memory_percent"),
	).toBeGreaterThan(0);

	// All of the demo becomes healthy: within a minute, on a machine that isn't busy.
	const groups = await waitFor(async () => {
		const response = await fetch(`http://127.0.0.1:${port}/status`);
		const { integration } = status.parse(await response.json());
		const { groups = [] } = integration ?? {};
		const isHealthy = groups.every(({ state }) => state === "healthy");
		return groups.length > 0 && isHealthy && groups;
	}, 120);
	expect(groups.map(({ name }) => name)).toEqual([
		"database",
		"edge_functions",
		"backend_services",
		"ml_pipeline",
		"data_flows",
		"e2e_flows",
		"heartbeats",
	]);

	process.kill(-(child.pid ?? 0), "SIGINT");
	await once(child, "exit");
	const left = spawnSync("pgrep", ["--full", clone], { encoding: "utf8" });
	expect(left.stdout).toBe("");
}, 400_000);
