import { type ChildProcess, spawn } from "node:child_process";
import {
	Agent,
	createServer,
	get,
	type Server,
	type ServerResponse,
} from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "../..");
const deno = join(root, "node_modules/deno/deno");
const library = join(root, "supabase/functions/_shared/monitoring/logger.ts");

export interface Collector {
	readonly url: string;
	readonly received: { bytes: number };
	readonly server: Server;
}

/** Takes all that is sent to it, and counts the bytes; answers as it is told, by accepting unless it is told. */
export async function startCollector(
	answer = (response: ServerResponse) => {
		response.setHeader("content-type", "application/json");
		response.end("{}");
	},
): Promise<Collector> {
	const received = { bytes: 0 };
	const server = createServer((request, response) => {
		request.on("data", (data) => {
			received.bytes += data.length;
		});
		request.on("end", () => answer(response));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	const port = typeof address === "object" ? address?.port : undefined;
	return { server, received, url: `http://127.0.0.1:${port}` };
}

export function stopCollector({ server }: Collector): void {
	server.closeAllConnections();
	server.close();
}

export interface Program {
	readonly name: string;
	/** A file of this folder. */
	readonly file: string;
	/** Where it is run: this folder, or a copy of it with packages. */
	readonly folder: string;
	readonly environment?: Readonly<Record<string, string>>;
}

export interface Running {
	readonly child: ChildProcess;
	readonly port: number;
	/** Milliseconds that its instrumentation took to import. */
	readonly imported: number;
	readonly agent: Agent;
}

/** Starts a program with the project's Deno, and waits until it listens. */
export async function start(
	program: Program,
	endpoint: string,
): Promise<Running> {
	const args = ["run", "-A", "--no-check", "--quiet"];
	const modules = "--node-modules-dir=manual";
	const child = spawn(deno, [...args, modules, program.file], {
		cwd: program.folder,
		env: {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			LIBRARY: library,
			OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
			OTEL_SERVICE_NAME: "bench",
			...program.environment,
		},
		stdio: ["ignore", "pipe", "inherit"],
	});
	const line = await new Promise<string>((resolve) =>
		createInterface(child.stdout).once("line", resolve),
	);
	child.stdout.resume();
	const { port, imported } = JSON.parse(line);
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	return { child, port, imported, agent };
}

export function stop({ child, agent }: Running): void {
	child.kill("SIGKILL");
	agent.destroy();
}

/** One request, over a connection that is kept. */
export function request({ port, agent }: Running): Promise<void> {
	return new Promise((resolve, reject) => {
		get({ port, agent, host: "127.0.0.1", path: "/bench" }, (response) => {
			response.resume();
			response.on("end", resolve);
		}).on("error", reject);
	});
}
