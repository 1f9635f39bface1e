import { existsSync } from "node:fs";
import { getCompileCacheDir } from "node:module";
import { fileURLToPath } from "node:url";
import type { Command, Environment } from "./child.ts";

const register = pathOf("../../src/register.ts");
const deno = pathOf("../../node_modules/deno/deno");

/** Fills the database, and ends. */
export function seed(environment: Environment): Command {
	return {
		name: "seed",
		program: process.execPath,
		args: [pathOf("../seed.ts")],
		environment,
	};
}

/** In MB: collected early, where a heap would else grow to several times of what is needed. */
const smallHeap = ["--max-semi-space-size=2", "--max-old-space-size=64"];

/** What the three backends are started with. */
const backends = {
	ml_training: { port: 8001, server: "../backend/ml-training/server.ts" },
	data_sync: { port: 8002, server: "../backend/data-sync/server.ts" },
	inference: { port: 8003, server: "../backend/inference/server.ts" },
};

/** A backend on Node, with the one flag that instruments it. */
export function backend(
	name: keyof typeof backends,
	environment: Environment,
): Command {
	const { port, server } = backends[name];
	return {
		name,
		program: process.execPath,
		args: [...smallHeap, "--import", register, pathOf(server)],
		environment: {
			...environment,
			NODE_COMPILE_CACHE:
				environment.NODE_COMPILE_CACHE ?? getCompileCacheDir(),
			PORT: String(port),
			OTEL_SERVICE_NAME: name,
		},
	};
}

/**
 * The edge functions on Deno.
 * @param inference URL that they ask for rankings
 * @throws Error where Deno isn't installed
 */
export function edgeFunctions(
	inference: string,
	environment: Environment,
): Command {
	if (!existsSync(deno)) {
		throw new Error(
			`the edge functions need Deno, which is not at ${deno}: npm ci --include=dev installs it`,
		);
	}
	return {
		name: "edge_functions",
		program: deno,
		args: [
			"run",
			"--allow-all",
			"--no-prompt",
			"--no-check",
			"--no-remote",
			"--quiet",
			"--unstable-no-legacy-abort",
			pathOf("../edge-host.ts"),
		],
		environment: {
			...environment,
			PORT: "54321",
			// Each function is a service of its own.
			OTEL_SERVICE_NAME: undefined,
			HEARTBEAT_TOKEN: undefined,
			SUPABASE_DB_URL: environment.DATABASE_URL,
			INFERENCE_URL: inference,
			MONITORING_TRACE_HOSTS: inference,
		},
	};
}

function pathOf(file: string): string {
	return fileURLToPath(new URL(file, import.meta.url));
}
