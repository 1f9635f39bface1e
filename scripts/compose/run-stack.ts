import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isolation } from "./engine.ts";
import { composeProgram } from "./plugin.ts";
import { type Report, report } from "./report.ts";

/**
 * Brings the whole of docker-compose.yml up on a Docker engine of its own, looks at it, and removes all of it again.
 * @throws Error if it does not come up
 */
export async function runStack(signal?: AbortSignal): Promise<Report> {
	// In here, where there is a way to a registry.
	composeProgram();
	const folder = mkdtempSync(join(tmpdir(), "compose-test-"));
	const cgroupParent = `compose-test-${process.pid}`;
	try {
		await runInside(folder, cgroupParent, signal);
		const text = readFileSync(join(folder, "report.json"), "utf8");
		return report.parse(JSON.parse(text));
	} finally {
		rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
		removeGroups(cgroupParent);
	}
}

function runInside(
	folder: string,
	cgroupParent: string,
	signal: AbortSignal | undefined,
): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn(
			"unshare",
			[
				...isolation,
				process.execPath,
				join(import.meta.dirname, "inside.ts"),
				folder,
				npmCache(),
			],
			{
				env: { ...process.env, CGROUP_PARENT: cgroupParent },
				stdio: ["ignore", "inherit", "inherit"],
				// unshare would hand a milder signal on to nobody.
				killSignal: "SIGKILL",
				signal,
			},
		);
		// When it is aborted, what it started is ending still: its exit is awaited, as all is gone then.
		child.on("error", (error) => child.pid === undefined && reject(error));
		child.on("exit", (code, ended) => {
			if (code === 0) resolve();
			else reject(new Error(`the stack did not come up (${code ?? ended})`));
		});
	});
}

/** Where `npm ci` put what it installed here. */
function npmCache(): string {
	const { stdout } = spawnSync("npm", ["config", "get", "cache"], {
		encoding: "utf8",
	});
	return stdout.trim();
}

/** Removes the kernel's control groups of the containers, which the engine leaves behind: folders with nothing in them. */
function removeGroups(name: string): void {
	const selection = ["-depth", "-type", "d", "-path", `*/${name}*`];
	spawnSync("find", ["/sys/fs/cgroup", ...selection, "-delete"]);
}
