import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { cleanEnvironment } from "./monitor-process.ts";
import { waitFor } from "./wait-for.ts";

const register = fileURLToPath(
	new URL("../../src/register.ts", import.meta.url),
);

/** A server of test/fixtures/register. */
export function fixture(name: string): string {
	return fileURLToPath(
		new URL(`../fixtures/register/${name}`, import.meta.url),
	);
}

/** What makes telemetry arrive while a test waits. */
export function sendingTo(endpoint: string): Record<string, string> {
	return {
		OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
		OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
		OTEL_BSP_SCHEDULE_DELAY: "50",
		OTEL_METRIC_EXPORT_INTERVAL: "200",
	};
}

/** What is rightly said where a busy machine takes longer for an export than the 100 ms that sendingTo() leaves it. */
const onTheCollector =
	/"message":"(the OpenTelemetry collector |PeriodicExportingMetricReader: metrics export (failed|timed out) )/;

interface LogLine {
	readonly level: string;
	readonly message: string;
	readonly context: { readonly functionName: string };
}

/** A server as users start it, with the flag, in a process of its own; it prints its address on its first line. */
export class InstrumentedServer {
	readonly child: ChildProcess;
	stdout = "";
	stderr = "";

	/** @param command what goes before the program, such as setpriv(1) */
	constructor(
		file: string,
		environment: Readonly<Record<string, string>> = {},
		flags: readonly string[] = [],
		command: readonly string[] = [],
	) {
		const node = [process.execPath, ...flags, "--import", register, file];
		const [program = process.execPath, ...args] = [...command, ...node];
		this.child = spawn(program, args, {
			env: { ...cleanEnvironment(), ...environment },
		});
		this.child.stdout?.on("data", (text) => {
			this.stdout += text;
		});
		this.child.stderr?.on("data", (text) => {
			this.stderr += text;
		});
	}

	/** Waits until it listens. */
	async url(): Promise<string> {
		return waitFor(() => {
			if (this.child.exitCode !== null) throw new Error(this.stderr);
			return /^http:\/\/\S+/m.exec(this.stdout)?.[0];
		});
	}

	async get(path: string, init: RequestInit = {}): Promise<Response> {
		const response = await fetch(`${await this.url()}${path}`, init);
		await response.arrayBuffer();
		return response;
	}

	/** What `register` itself said. */
	told(): LogLine[] {
		return toldIn(this.stderr);
	}

	/** `stderr` without what is said of the collector. */
	stderrBesidesCollector(): string {
		return this.stderr
			.split("\n")
			.filter((line) => !onTheCollector.test(line))
			.join("\n");
	}

	/** What `register` itself said of all but the collector. */
	toldBesidesCollector(): LogLine[] {
		return toldIn(this.stderrBesidesCollector());
	}

	/** The lines of JSON that the app wrote. */
	lines(): Record<string, unknown>[] {
		return jsonLines(this.stdout);
	}

	/** Waits for its end; sends it a signal before, if one is given. */
	async end(
		signal?: NodeJS.Signals,
	): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
		const { child } = this;
		if (signal !== undefined) child.kill(signal);
		if (child.exitCode === null && child.signalCode === null) {
			await once(child, "exit");
		}
		return { code: child.exitCode, signal: child.signalCode };
	}

	/** Ends it, whatever it does. */
	async kill(): Promise<void> {
		await this.end("SIGKILL");
	}
}

function toldIn(text: string): LogLine[] {
	return jsonLines<LogLine>(text).filter(
		({ context }) =>
			context?.functionName === "adult-matching-monitoring/register",
	);
}

function jsonLines<Line>(text: string): Line[] {
	return text
		.split("\n")
		.filter((line) => line.startsWith("{"))
		.map((line) => JSON.parse(line));
}
