import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitFor } from "./wait-for.ts";

export const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

/** A folder of the test's own, which only its user may enter. */
export function temporaryFolder(): string {
	return mkdtempSync(join(tmpdir(), "monitor-test-"));
}

export function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}

/** The environment of this process without what would change a monitor. */
export function cleanEnvironment(): Record<string, string | undefined> {
	const entries = Object.entries(process.env).filter(
		([name]) =>
			!/^(OTEL_|DATABASE_URL|LOG_LEVEL|MONITORING_|NODE_OPTIONS|NODE_COMPILE_CACHE)/.test(
				name,
			),
	);
	return Object.fromEntries(entries);
}

/** A monitor as users start it, in a process and a folder of its own. */
export class MonitorProcess {
	readonly child: ChildProcess;
	stdout = "";
	stderr = "";

	constructor(
		folder: string,
		environment: Readonly<Record<string, string>> = {},
		args: readonly string[] = [],
	) {
		this.child = spawn(process.execPath, [cli, "start", ...args], {
			cwd: folder,
			env: {
				...cleanEnvironment(),
				PROMETHEUS_PORT: "0",
				MONITORING_INTERVAL: "1",
				...environment,
			},
		});
		this.child.stdout?.on("data", (text) => {
			this.stdout += text;
		});
		this.child.stderr?.on("data", (text) => {
			this.stderr += text;
		});
	}

	/** The log so far; throws if a line of it is not JSON. */
	log(): { level: string; message: string; data?: { url?: string } }[] {
		return this.stdout
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => JSON.parse(line));
	}

	messages(): string[] {
		return this.log().map(({ message }) => message);
	}

	/** Waits for the first collection, and gives the server's address. */
	async url(): Promise<string> {
		const started = await waitFor(() => {
			if (this.child.exitCode !== null) throw new Error(this.stderr);
			return this.log().find(({ data }) => data?.url !== undefined);
		});
		return started?.data?.url ?? "";
	}

	async get(path: string, headers = {}): Promise<string> {
		return (await fetch(`${await this.url()}${path}`, { headers })).text();
	}

	/** Ends it by a signal; gives its exit code and the milliseconds that it took. */
	async end(
		signal: NodeJS.Signals = "SIGTERM",
	): Promise<{ code: number | null; took: number }> {
		const { child } = this;
		if (child.exitCode !== null || child.signalCode !== null) {
			return { code: child.exitCode, took: 0 };
		}
		const begin = performance.now();
		child.kill(signal);
		await once(child, "exit");
		return { code: child.exitCode, took: performance.now() - begin };
	}
}
