import { afterEach, describe, expect, test } from "vitest";
import {
	isAlertmanagerMissing,
	type TestAlert,
	TestAlertmanager,
} from "../support/alerts/alertmanager.ts";
import {
	backend,
	exampleAlert,
	fullDisk,
	manyBackends,
	resolved,
} from "../support/alerts/example-alerts.ts";
import type { SlackMessage } from "../support/alerts/slack.ts";
import { expectToFit } from "../support/alerts/slack-limits.ts";
import { waitFor } from "../support/wait-for.ts";

let alertmanager: TestAlertmanager;
afterEach(() => alertmanager?.end());

/**
 * The messages that Slack gets of alerts that are sent one after another.
 * @param rounds called when Alertmanager is there, so that the alerts begin then
 */
async function messagesOf(
	settings: Readonly<Record<string, string>>,
	rounds: () => readonly TestAlert[][],
): Promise<SlackMessage[]> {
	alertmanager = await TestAlertmanager.start(settings);
	const { messages } = alertmanager.slack;
	for (const [index, alerts] of rounds().entries()) {
		await alertmanager.send(...alerts);
		await waitFor(() => messages.length > index);
	}
	return messages;
}

/** A message as a person can read it, without what differs each time. */
function readable({ title, color, fallback, text }: SlackMessage): string {
	const steady = text
		.replaceAll(/<!date\^\d+\^([^|]*)\|[^>]*>/g, "<$1>")
		.replaceAll(/from=\d+/g, "from=…")
		.replaceAll(/to=\d+/g, "to=…");
	return `${title}\n(${color})\n\n${steady.trim()}\n\nOn a phone: ${fallback}\n`;
}

const {
	trace_id: _,
	runbook_url: __,
	...bare
} = backend("data_sync").annotations ?? {};

/** One message of each kind: what is sent at last. */
const kinds: Readonly<Record<string, () => readonly TestAlert[][]>> = {
	critical: () => [[backend("data_sync")]],
	warning: () => [[fullDisk("/data")]],
	resolved: () => {
		const alert = backend("data_sync");
		return [[alert], [resolved(alert)]];
	},
	"two-at-once": () => [[fullDisk("/data"), fullDisk("/var")]],
	digest: () => [manyBackends(13)],
	"digest-partly-resolved": () => {
		const alerts = manyBackends(5);
		return [alerts, alerts.slice(0, 2).map(resolved)];
	},
	"without-runbook-and-trace": () => [
		[{ ...backend("data_sync"), annotations: bare }],
	],
	"in-environment": () => [
		[backend("data_sync", { deployment_environment_name: "production" })],
	],
	test: () => [[exampleAlert("AlertPing", "info", { ping: "3f9a1c" })]],
};

describe.skipIf(isAlertmanagerMissing)("a message in Slack", () => {
	test.each(
		Object.entries(kinds).flatMap(([kind, rounds]) =>
			["en", "ja"].map((language) => ({ kind, language, rounds })),
		),
	)("fits, and is as on record: $kind, $language", async (each) => {
		const { kind, language, rounds } = each;
		const messages = await messagesOf({ ALERT_LANGUAGE: language }, rounds);
		for (const message of messages) expectToFit(message);
		await expect(messages.map(readable).at(-1)).toMatchFileSnapshot(
			`__snapshots__/alert-messages/${kind}.${language}.txt`,
		);
	});

	test("leads to the panel, from an hour before the alert began until now or until after its end", async () => {
		const startsAt = "2026-11-25T12:00:00Z";
		const alert = (dashboard_url: string, endsAt?: string): TestAlert => ({
			labels: { alertname: dashboard_url, severity: "warning" },
			annotations: { summary: "s", dashboard_url },
			startsAt,
			...(endsAt && { endsAt }),
		});
		const linkOf = ({ text }: SlackMessage) =>
			/<([^|<]+)\|Dashboard>/.exec(text)?.[1]?.replaceAll("&amp;", "&");
		const from = Date.parse("2026-11-25T11:00:00Z");
		const to = Date.parse("2026-11-25T12:45:00Z");

		const [plain, panel, over] = await messagesOf({}, () => [
			[alert("/d/database")],
			[alert("/d/database?viewPanel=3")],
			[alert("/d/database", "2026-11-25T12:30:00Z")],
		]);
		const grafana = "http://localhost:3000/d/database";
		expect(plain && linkOf(plain)).toBe(`${grafana}?from=${from}&to=now`);
		expect(panel && linkOf(panel)).toBe(
			`${grafana}?viewPanel=3&from=${from}&to=now`,
		);
		expect(over && linkOf(over)).toBe(`${grafana}?from=${from}&to=${to}`);
	});

	test("tells an alert of one's own without Japanese words in English", async () => {
		const { labels } = backend("data_sync");
		const [message] = await messagesOf({ ALERT_LANGUAGE: "ja" }, () => [
			[{ labels, annotations: { summary: "Mine.", description: "My own." } }],
		]);
		expect(message?.title).toContain("重大");
		expect(message?.text).toContain("*Mine.*");
		expect(message?.text).toContain("My own.");
	});

	test("holds no label but the name, the component, and the environment", async () => {
		const alert = backend("data_sync");
		const private_ = { instance: "10.1.2.3:9090", user: "me@example.com" };
		const [message] = await messagesOf({}, () => [
			[{ ...alert, labels: { ...alert.labels, ...private_ } }],
		]);
		expect(message?.body).not.toMatch(/10\.1\.2\.3|me@example/);
	});
});
