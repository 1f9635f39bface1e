import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import {
	isAlertmanagerMissing,
	TestAlertmanager,
} from "../support/alerts/alertmanager.ts";
import { backend, resolved } from "../support/alerts/example-alerts.ts";
import { Watching } from "../support/integration.ts";
import { waitFor } from "../support/wait-for.ts";

const words = z.record(z.string(), z.string());

/** What docs/alerts.md says of it. */
const payload = z.object({
	version: z.literal("4"),
	status: z.enum(["firing", "resolved"]),
	receiver: z.string(),
	groupLabels: words,
	commonLabels: words,
	commonAnnotations: words,
	externalURL: z.url(),
	truncatedAlerts: z.literal(0),
	alerts: z.array(
		z.object({
			status: z.enum(["firing", "resolved"]),
			labels: words,
			annotations: words,
			startsAt: z.iso.datetime({ offset: true }),
			endsAt: z.iso.datetime({ offset: true }),
			generatorURL: z.string(),
			fingerprint: z.string(),
		}),
	),
});

let alertmanager: TestAlertmanager;
const watching = new Watching();
afterEach(async () => {
	await alertmanager?.end();
	await watching.remove();
});

async function start(settings: Readonly<Record<string, string>> = {}) {
	const payloads: z.infer<typeof payload>[] = [];
	const url = await watching.serve(async (request, response) => {
		payloads.push(payload.parse(JSON.parse(await text(request))));
		response.end();
	});
	alertmanager = await TestAlertmanager.start({
		ALERT_GENERIC_WEBHOOK_URL: `${url}/secret`,
		...settings,
	});
	return payloads;
}

describe.skipIf(isAlertmanagerMissing)("a webhook of one's own", () => {
	test("gets Alertmanager's JSON of what begins and of what ends, beside Slack", async () => {
		const payloads = await start();
		const alert = backend("data_sync");
		await alertmanager.send(alert);
		await waitFor(() => payloads.length > 0);
		await waitFor(() => alertmanager.slack.messages.length > 0);
		await alertmanager.send(resolved(alert));
		const [firing, over] = await waitFor(() => payloads.length > 1 && payloads);
		expect(firing).toMatchObject({
			status: "firing",
			alerts: [{ labels: alert.labels, annotations: alert.annotations }],
		});
		expect(over).toMatchObject({
			status: "resolved",
			alerts: [{ status: "resolved", labels: alert.labels }],
		});
	});

	test("takes Slack's place where that is not set", async () => {
		const payloads = await start({ ALERT_WEBHOOK_URL: "" });
		await alertmanager.send(backend("data_sync"));
		await waitFor(() => payloads.length > 0);
		expect(alertmanager.slack.messages).toEqual([]);
	});
});
