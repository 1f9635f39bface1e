// Runs the pipeline of docker-compose.yml without Docker, with the same config files: npm run stack [folder for its data]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Stack } from "./stack/stack.ts";

const [given] = process.argv.slice(2);
buildPrograms();
const folder = given
	? resolve(given)
	: mkdtempSync(join(tmpdir(), "monitoring-stack-"));
mkdirSync(folder, { recursive: true });
process.once("exit", () => {
	if (given === undefined) rmSync(folder, { recursive: true, force: true });
});
const stack = await Stack.create({ folder, usualPorts: true }).catch(
	(error: Error) => {
		say(error.message);
		process.exit(1);
	},
);
process.prependOnceListener("exit", () => stack.kill());

const stop = new Promise<string>((resolve) => {
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		process.once(signal, () => resolve(""));
	}
	for (const part of stack.parts) part.onEnd = resolve;
});
try {
	const ended = await Promise.race([stack.start().then(() => ""), stop]);
	if (ended === "" && stack.parts.every(({ isRunning }) => isRunning)) tell();
	const reason = ended || (await stop);
	if (reason !== "") {
		process.exitCode = 1;
		say(`${reason}: its log is ${folder}`);
		for (const part of stack.parts) {
			if (!part.isRunning) say(part.lastLines());
		}
	}
} catch (error) {
	process.exitCode = 1;
	say(error instanceof Error ? error.message : String(error));
}
await stack.end();
process.exit();

function buildPrograms(): void {
	const script = join(import.meta.dirname, "programs.ts");
	const names = ["otelcol", "prometheus", "alertmanager"];
	const { status } = spawnSync(process.execPath, [script, ...names], {
		stdio: ["ignore", 2, 2],
		env: { ...process.env, CI: "1" },
	});
	if (status !== 0) process.exit(1);
}

function tell(): void {
	const { urls } = stack;
	say(`Collector     ${urls.otlp} (OTLP over HTTP), ${urls.otlpGrpc} (gRPC)
  for edge    ${urls.edgeOtlp}, with "authorization: Bearer ${stack.edgeToken}"
Prometheus    ${urls.prometheus}
Alertmanager  ${stack.alertmanager ? urls.alertmanager : "none: there is no alertmanager/alertmanager.yml"}
Traces        ${urls.sink}/api/v2/traces/<id> (in Tempo's place)
Data and logs ${folder}${given === undefined ? ", removed at the end" : ""}

OTEL_EXPORTER_OTLP_ENDPOINT=${urls.otlp} npm run demo

Ctrl-C ends all of it.`);
}

function say(line: string): void {
	process.stderr.write(`${line}\n`);
}
