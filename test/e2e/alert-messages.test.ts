import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { freePort } from "../support/free-port.ts";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { program } from "../support/program.ts";
import { waitFor } from "../support/wait-for.ts";

const alertmanager = program("alertmanager");
const folder = (name: string) =>
	fileURLToPath(new URL(`../../alertmanager/${name}`, import.meta.url));

const message = z.object({
	attachments: z.tuple([
		z.object({
			title: z.string(),
			text: z.string(),
			fallback: z.string(),
			color: z.string(),
		}),
	]),
});
type Message = z.infer<typeof message>["attachments"][0];

let work: string;
let slack: Server;
let child: ChildProcess;
let url: string;
let messages: Message[];

/** The real Alertmanager with the project's configuration, and a server in Slack's place; groups are told of at once. */
beforeEach(async () => {
	work = temporaryFolder();
	messages = [];
	slack = createServer(async (request, response) => {
		const [attachment] = message.parse(
			JSON.parse(await text(request)),
		).attachments;
		messages.push(attachment);
		response.end("ok");
	}).listen(0, "127.0.0.1");
	await once(slack, "listening");
	const address = slack.address();
	const slackPort = typeof address === "object" ? address?.port : 0;
	const secret = join(work, "webhook-url");
	writeFileSync(secret, `http://127.0.0.1:${slackPort}/services/T/B/secret`);
	const config = readFileSync(folder("alertmanager.yml"), "utf8")
		.replaceAll("/run/alertmanager/webhook-url", secret)
		.replaceAll("/etc/alertmanager/templates", folder("templates"))
		.replaceAll("/run/alertmanager", work)
		.replaceAll(/group_(wait|interval): .*/g, "group_$1: 1s");
	writeFileSync(join(work, "alertmanager.yml"), config);
	const port = await freePort();
	url = `http://127.0.0.1:${port}`;
	child = spawn(
		alertmanager.path,
		[
			`--config.file=${join(work, "alertmanager.yml")}`,
			`--storage.path=${join(work, "data")}`,
			`--web.listen-address=127.0.0.1:${port}`,
			"--cluster.listen-address=",
		],
		{ stdio: "ignore" },
	);
	await waitFor(() =>
		fetch(`${url}/-/ready`).then(
			({ ok }) => ok,
			() => false,
		),
	);
});
afterEach(async () => {
	child.kill("SIGKILL");
	await once(child, "exit");
	slack.closeAllConnections();
	slack.close();
	removeFolder(work);
});

interface Alert {
	readonly labels: Readonly<Record<string, string>>;
	readonly annotations: Readonly<Record<string, string>>;
	readonly startsAt?: string;
	readonly endsAt?: string;
}

const started = new Date(Date.now() - 120_000).toISOString();

function alert(more: Partial<Alert> = {}): Alert {
	return {
		startsAt: started,
		labels: {
			alertname: "BackendDown",
			severity: "critical",
			component: "data_sync",
		},
		annotations: {
			summary: "The backend data_sync is unhealthy",
			description: "It crashed. First look: curl -s localhost:8000/status",
			runbook_url: "docs/runbooks/BackendDown.md",
			dashboard_url: "/d/integration",
			trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
		},
		...more,
	};
}

async function send(...alerts: Alert[]): Promise<void> {
	const response = await fetch(`${url}/api/v2/alerts`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(alerts),
	});
	expect(response.status).toBe(200);
}

/** A text of Slack as it can be kept: times are others each time. */
function steady(slackText: string): string {
	return slackText.replaceAll(/<!date\^\d+\^([^|]*)\|[^>]*>/g, "<$1>").trim();
}

describe.skipIf(alertmanager.isMissing)("a message in Slack", () => {
	test("says what, how bad, since when and what to do, and leads to the trace of the failing run", async () => {
		await send(alert());
		const { title, text, color, fallback } = await waitFor(() => messages[0]);
		expect(title).toBe(":red_circle: Critical: BackendDown (data_sync)");
		expect(color).toBe("danger");
		expect(fallback).toBe(`${title}: The backend data_sync is unhealthy`);
		const lines = steady(text).split("\n");
		expect(lines.slice(0, 3)).toEqual([
			"*The backend data_sync is unhealthy*",
			"since <{date_short_pretty} {time}>",
			"It crashed. First look: curl -s localhost:8000/status",
		]);
		expect(lines[3]).toContain("What to do: docs/runbooks/BackendDown.md");
		expect(lines[3]).toContain(
			"<http://localhost:3000/d/integration|Dashboard>",
		);
		expect(lines[3]).toContain("4bf92f3577b34da6a3ce929d0e0e4736");
	});

	test("says when it is over, from when to when it was", async () => {
		await send(alert());
		await waitFor(() => messages.length === 1);
		await send(alert({ endsAt: new Date().toISOString() }));
		const { title, text, color } = await waitFor(() => messages[1]);
		expect(title).toBe(":white_check_mark: Resolved: BackendDown (data_sync)");
		expect(color).toBe("good");
		expect(steady(text)).toContain(
			"from <{date_short_pretty} {time}> to <{time}>",
		);
		expect(text).not.toContain("It crashed");
	});

	test("tells many alerts in a line each, and no more than fit", async () => {
		// An alert that began before the group's wait is told of without it.
		const startsAt = new Date().toISOString();
		const many = Array.from({ length: 20 }, (_, index) =>
			alert({
				startsAt,
				labels: {
					alertname: "BackendDown",
					severity: "critical",
					component: `backend_${index}`,
				},
				annotations: { summary: `The backend backend_${index} is unhealthy` },
			}),
		);
		await send(...many);
		const { title, text } = await waitFor(() => messages[0]);
		expect(title).toBe(":red_circle: Critical: BackendDown, 20 alerts");
		const lines = steady(text).split("\n");
		expect(lines.filter((line) => line.startsWith("• "))).toHaveLength(15);
		expect(text).toContain("… and more");
		// Slack cuts what is longer. https://docs.slack.dev/reference/messaging/attachments
		expect(text.length).toBeLessThan(8000);
	});

	test("holds no label but the name, the component, and the environment", async () => {
		const labels = {
			...alert().labels,
			instance: "10.1.2.3:9090",
			user: "me@example.com",
		};
		await send(alert({ labels }));
		const sent = JSON.stringify(await waitFor(() => messages[0]));
		expect(sent).not.toMatch(/10\.1\.2\.3|me@example/);
	});
});

test.skipIf(alertmanager.isMissing)(
	"a warning is held back by the critical alert of its name, and a message of each comes otherwise",
	async () => {
		const warning = { ...alert().labels, severity: "warning" };
		await send(alert());
		await waitFor(() => messages.length > 0);
		await send(alert({ labels: warning }));
		await send(
			alert({ labels: { ...warning, alertname: "DiskFull", component: "/" } }),
		);
		await waitFor(() => messages.length > 1);
		expect(messages.map(({ title }) => title)).toEqual([
			":red_circle: Critical: BackendDown (data_sync)",
			":large_yellow_circle: Warning: DiskFull (/)",
		]);
	},
);

test.skipIf(alertmanager.isMissing)(
	"one full disk says nothing of another, and what is only to be shown is not sent",
	async () => {
		const disk = (mountpoint: string, severity: string) => ({
			labels: {
				alertname: "DiskFull",
				component: "host",
				mountpoint,
				severity,
			},
		});
		await send(alert(disk("/", "critical")));
		await waitFor(() => messages.length > 0);
		await send(alert({ labels: { alertname: "Watchdog", severity: "info" } }));
		await send(alert(disk("/data", "warning")));
		await waitFor(() => messages.length > 1);
		expect(messages).toHaveLength(2);
		expect(messages[1]?.title).toBe(
			":large_yellow_circle: Warning: DiskFull (host)",
		);
	},
);
