import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestDemo, type TestDemo } from "../support/demo.ts";
import { freePort } from "../support/free-port.ts";

const script = fileURLToPath(
	new URL("../../examples/break.ts", import.meta.url),
);

let running: TestDemo;
beforeAll(async () => {
	running = await startTestDemo();
});
afterAll(() => running.stop());

const portOf = (service: string) => new URL(running.url(service)).port;

async function run(args: readonly string[], inferencePort?: string) {
	const child = spawn(process.execPath, [script, ...args], {
		env: {
			...process.env,
			DEMO_TRAINING_PORT: portOf("ml_training"),
			DEMO_SYNC_PORT: portOf("data_sync"),
			DEMO_INFERENCE_PORT: inferencePort ?? portOf("model_inference"),
		},
	});
	const [stdout, stderr] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		once(child, "exit"),
	]);
	return { code: child.exitCode, stdout, stderr };
}

const status = async (service: string) =>
	(await fetch(running.url(service))).status;

test("a fault is there until it is mended, and the alert to wait for is named", async () => {
	const broken = await run(["backend-error"]);
	expect(broken.stdout).toContain("BackendDown");
	expect(await status("data_sync")).toBe(500);
	expect((await run(["--repair", "backend-error"])).code).toBe(0);
	expect(await status("data_sync")).toBe(200);
});

test("all faults are mended at once", async () => {
	await run(["model-unloaded"]);
	await run(["sync-paused"]);
	expect(await status("enhanced_recommendations")).toBe(503);
	const mended = await run(["--repair"]);
	expect(mended.stdout).toContain("sync-paused is mended");
	expect(mended.code).toBe(0);
	expect(await status("enhanced_recommendations")).toBe(200);
});

test("a fault that is not there is refused with those that are", async () => {
	const { code, stderr } = await run(["backend-eror"]);
	expect(code).toBe(1);
	expect(stderr).toContain("backend-error, backend-hangs, model-lies");
});

test("a demo that does not run is told as such, without a stack trace", async () => {
	const port = `${await freePort()}`;
	const { code, stderr } = await run(["model-unloaded"], port);
	expect(code).toBe(1);
	expect(stderr).toMatch(/^http:\/\/127.0.0.1:\d+\/model can't be told .*\n$/);
	expect(stderr).toContain("is the demo running?");
});
