import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	isAlertmanagerMissing,
	type TestAlert,
	TestAlertmanager,
} from "../support/alerts/alertmanager.ts";
import { backend, traceId } from "../support/alerts/example-alerts.ts";
import type { SlackMessage } from "../support/alerts/slack.ts";
import { expectToFit } from "../support/alerts/slack-limits.ts";
import { waitFor } from "../support/wait-for.ts";

let alertmanager: TestAlertmanager;
beforeAll(async () => {
	if (!isAlertmanagerMissing) alertmanager = await TestAlertmanager.start();
});
afterAll(() => alertmanager?.end());

let sent = 0;

/** The message of alerts in a group of their own; the values take the place of what a rule makes of labels. */
async function messageOf(
	values: Readonly<Record<string, string>>,
	count = 1,
): Promise<SlackMessage> {
	const { messages } = alertmanager.slack;
	const already = messages.length;
	sent += 1;
	const alertname = `Hostile${sent}`;
	const { labels, annotations } = backend("data_sync");
	const alerts = Array.from({ length: count }, (_, index): TestAlert => {
		const { component = "data_sync", environment = "", ...words } = values;
		return {
			labels: {
				...labels,
				alertname,
				component,
				replica: `${index}`,
				deployment_environment_name: environment,
			},
			annotations: { ...annotations, ...words },
		};
	});
	await alertmanager.send(...alerts);
	return await waitFor(() => messages[already]);
}

const hostile = [
	["a mention of everybody", "<!channel> <!here> <!everyone>"],
	["a mention of a person or a channel", "<@U012AB3CD> <#C0123456>"],
	["a link under other words", "<http://evil.example|click here>"],
	["a link to a program", "<javascript:alert(1)|x> <mailto:a@b.example|y>"],
	["characters that are escaped already", "&lt;!channel&gt; &amp;lt; A&B"],
	["quotes and braces", `"'\`{{ .Labels }}\\{}`],
] as const;

describe.skipIf(isAlertmanagerMissing)("in a message to Slack", () => {
	test.each(hostile)("%s is text, wherever it stands", async (_, value) => {
		const values = {
			component: value,
			environment: value,
			summary: `The backend ${value} is unhealthy.`,
			description: `First look: ${value}`,
			runbook_url: `docs/${value}`,
			dashboard_url: `/d/x?var-component=${value}`,
			trace_id: value,
		};
		const escaped = value
			.replaceAll("&", "&amp;")
			.replaceAll("<", "&lt;")
			.replaceAll(">", "&gt;");
		for (const count of [1, 5]) {
			const message = await messageOf(values, count);
			expectToFit(message);
			expect(message.title).toContain(`(${escaped})`);
			expect(message.fallback).toContain(
				`The backend ${escaped} is unhealthy.`,
			);
			expect(message.text).toContain(`The backend ${escaped} is unhealthy.`);
			const links = [...message.text.matchAll(/<(http[^|]*)\|/g)];
			const hosts = links.map(([, url = ""]) => new URL(url).host);
			expect(new Set(hosts)).toEqual(new Set(["localhost:3000"]));
		}
	});

	test("what is no trace's id is no link", async () => {
		const linked = await messageOf({});
		expect(linked.text).toContain(`${traceId}%22`);
		for (const trace_id of ["", "0", `${traceId}0`, traceId.toUpperCase()]) {
			const { text } = await messageOf({ trace_id });
			expect(text).not.toContain("Trace of the failing run");
		}
	});

	test("what is no path of Grafana is no link to it", async () => {
		for (const dashboard_url of ["", "https://evil.example", "@evil.example"]) {
			const { text } = await messageOf({ dashboard_url });
			expect(text).not.toContain("Dashboard");
		}
	});

	test("a new line ends no sentence", async () => {
		const { text } = await messageOf({ summary: "one\ntwo\r\n\tthree" });
		expect(text.split("\n")[0]).toBe("*one two three*");
	});

	const letters = ["x", "&", "<", "漢", "🔥"];
	const cases = letters.flatMap((letter) =>
		[1, 3, 4, 25].map((count) => ({ letter, count })),
	);
	test.each(cases)(
		"10 000 times $letter in $count alerts at once are cut so that all fits",
		async ({ letter, count }) => {
			const long = letter.repeat(10_000);
			const message = await messageOf(
				{
					component: long,
					environment: long,
					summary: long,
					description: long,
					runbook_url: long,
					dashboard_url: `/${long}`,
				},
				count,
			);
			expectToFit(message);
			expect(message.text).toContain("…");
			expect(message.text).toContain("Dashboard");
		},
	);
});
