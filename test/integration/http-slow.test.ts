import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { request } from "../../src/integration/http/request.ts";
import { freePort } from "../support/free-port.ts";
import {
	answering,
	dripping,
	httpRequest,
	toldOf,
} from "../support/lying-server.ts";

let open: (() => void)[] = [];
afterEach(() => {
	for (const close of open) close();
	open = [];
});

const ok = "HTTP/1.1 200 OK\r\n";
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const lengthOf = (length: number) => `${ok}Content-Length: ${length}\r\n\r\n`;

describe("a slow answer runs out of time, and how far it came is told", () => {
	test.each([
		["its headers", dripping(ok)],
		["its answer", dripping(`${ok}\r\n`)],
		["its answer", dripping(chunked, "1\r\nx\r\n")],
	])("when it drips %s", async (what, lie) => {
		expect(await toldOf(lie, 1)).toMatchObject({
			reason: expect.stringMatching(
				RegExp(
					`^did not answer within 1 s: it had sent \\d+ bytes? of ${what}$`,
				),
			),
			errorType: "timeout",
		});
	});

	test("when it takes the request and says nothing", async () => {
		expect(await toldOf(() => {}, 1)).toMatchObject({
			reason: "did not answer within 1 s: it had sent nothing",
			errorType: "timeout",
		});
		expect(await toldOf(answering(ok), 5)).toMatchObject({
			reason: `closed the connection after ${ok.length} bytes of its headers (ECONNRESET)`,
		});
	});

	test("when only its body does not come", async () => {
		const lie = (socket: Socket) => socket.write(lengthOf(10));
		expect(await toldOf(lie, 1)).toMatchObject({
			reason: "did not answer within 1 s: its answer was still coming",
		});
	});

	test.runIf(process.platform === "linux")(
		"when it never accepts the connection",
		async () => {
			const port = await startDeafServer();
			const url = `http://127.0.0.1:${port}`;
			const { signal } = new AbortController();
			const options = httpRequest(url, { timeout: 1 });
			expect(await request(options, {}, signal)).toMatchObject({
				reason: "did not answer within 1 s: it was still connecting",
				errorType: "timeout",
			});
		},
	);
});

/** A server that is stopped, and whose queue of connections is full. */
async function startDeafServer(): Promise<number> {
	const port = await freePort();
	const child = spawn(process.execPath, [
		"-e",
		`require("node:net").createServer().listen({ host: "127.0.0.1", port: ${port}, backlog: 1 }, () => console.log("up"))`,
	]);
	open.push(() => child.kill("SIGKILL"));
	await once(child.stdout, "data");
	child.kill("SIGSTOP");
	const fillers = Array.from({ length: 8 }, () => connect(port, "127.0.0.1"));
	for (const filler of fillers) {
		filler.on("error", () => {});
		open.push(() => filler.destroy());
	}
	await expect.poll(() => fillers.some(({ pending }) => !pending)).toBe(true);
	return port;
}
