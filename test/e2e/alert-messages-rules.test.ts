import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	isAlertmanagerMissing,
	TestAlertmanager,
} from "../support/alerts/alertmanager.ts";
import { traceId } from "../support/alerts/example-alerts.ts";
import { expectToFit } from "../support/alerts/slack-limits.ts";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { program } from "../support/program.ts";
import { waitFor } from "../support/wait-for.ts";
import { alertNames, proofFiles } from "../unit/alerts/alert-files.ts";
import { type Message, messagesOf } from "../unit/alerts/messages.ts";

const promtool = program("promtool");
const isMissing = promtool.isMissing || isAlertmanagerMissing;

const folder = temporaryFolder();
let messages: Message[] = [];
beforeAll(() => {
	if (isMissing) return;
	messages = proofFiles.flatMap((file) =>
		messagesOf(file, folder, (...args) => {
			const { stdout, stderr } = spawnSync(promtool.path, args, {
				encoding: "utf8",
			});
			return { output: stdout + stderr };
		}),
	);
}, 300_000);
afterAll(() => removeFolder(folder));

test.skipIf(isMissing).each(["en", "ja"])(
	"the message of every rule fits into Slack, and no word of it is cut: %s",
	async (language) => {
		const alertmanager = await TestAlertmanager.start({
			ALERT_LANGUAGE: language,
		});
		try {
			await alertmanager.send(
				...messages.map(({ alertname, ...words }, index) => ({
					labels: {
						// Another name, so that each is a message of its own, and none is held back by another.
						alertname: `${alertname}${index}`,
						severity: "critical",
					},
					annotations: {
						...words,
						runbook_url: `docs/runbooks/${alertname}.md`,
						trace_id: traceId,
					},
				})),
			);
			const { messages: told } = alertmanager.slack;
			await waitFor(() => told.length === messages.length);
			for (const message of told) {
				expectToFit(message);
				expect(message.text).not.toContain("…");
			}
			const names = told.map(
				({ title }) => / ([A-Za-z]+)\d+$/.exec(title)?.[1],
			);
			expect(new Set(names)).toEqual(new Set(alertNames));
		} finally {
			await alertmanager.end();
		}
	},
	60_000,
);
