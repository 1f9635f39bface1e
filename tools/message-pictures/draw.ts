// Draws messages as Slack shows them, from what the real Alertmanager sends of the rules' own words, to docs/pictures/message-*.png:
// node tools/message-pictures/draw.ts (takes apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji pngquant)
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	type TestAlert,
	TestAlertmanager,
} from "../../test/support/alerts/alertmanager.ts";
import {
	backend,
	fullDisk,
	manyBackends,
	resolved,
} from "../../test/support/alerts/example-alerts.ts";
import type { SlackMessage } from "../../test/support/alerts/slack.ts";
import {
	removeFolder,
	temporaryFolder,
} from "../../test/support/monitor-process.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { pageOf } from "./page.ts";

const pictures = fileURLToPath(new URL("../../docs/pictures", import.meta.url));
const width = 760;
/** Where the messages lead, as where RUNBOOK_URL is set. */
const runbooks = "https://github.com/you/monitoring/blob/main";

const began = new Date(Date.now() - 17 * 60_000).toISOString();
const since = (alert: TestAlert): TestAlert => ({ ...alert, startsAt: began });

const kinds: readonly {
	readonly name: string;
	readonly language: "en" | "ja";
	/** What is sent one after another, made when it is: what began long before is told without waiting for others. */
	readonly rounds: () => readonly TestAlert[][];
}[] = [
	{
		name: "critical",
		language: "en",
		rounds: () => [[since(backend("data_sync"))]],
	},
	{
		name: "warning",
		language: "en",
		rounds: () => [[since(fullDisk("/data"))]],
	},
	{
		name: "resolved",
		language: "en",
		rounds: () => [
			[since(backend("data_sync"))],
			[resolved(since(backend("data_sync")))],
		],
	},
	{ name: "digest", language: "en", rounds: () => [manyBackends(13)] },
	{
		name: "japanese",
		language: "ja",
		rounds: () => [[since(backend("data_sync"))]],
	},
];

mkdirSync(pictures, { recursive: true });
for (const { name, language, rounds } of kinds) {
	const message = await messageOf(language, rounds());
	shoot(pageOf(message, language), join(pictures, `message-${name}.png`));
}

/** The last message that Alertmanager sends of alerts that come one after another. */
async function messageOf(
	language: string,
	rounds: readonly TestAlert[][],
): Promise<SlackMessage> {
	const alertmanager = await TestAlertmanager.start({
		ALERT_LANGUAGE: language,
	});
	try {
		writeFileSync(
			join(alertmanager.folder, "runbooks.tmpl"),
			`{{ define "links.runbook" }}<${runbooks}/{{ .Annotations.runbook_url }}|{{ template "language.to_do" }}>{{ end }}`,
		);
		await fetch(`${alertmanager.url}/-/reload`, { method: "POST" });
		const { messages } = alertmanager.slack;
		for (const [index, alerts] of rounds.entries()) {
			await alertmanager.send(...alerts);
			await waitFor(() => messages.length > index);
		}
		return await waitFor(() => messages.at(-1));
	} finally {
		await alertmanager.end();
	}
}

/** A picture of a page, as high as the page is. */
function shoot(html: string, picture: string): void {
	const folder = temporaryFolder();
	const page = join(folder, "page.html");
	writeFileSync(page, html);
	const chromium = (...args: readonly string[]) =>
		execFileSync(
			"chromium",
			[
				...["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
				`--user-data-dir=${join(folder, "profile")}`,
				"--force-device-scale-factor=2",
				...args,
				`file://${page}`,
			],
			{ encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
		);
	const [, height = "600"] =
		/<title>(\d+)<\/title>/.exec(
			chromium("--dump-dom", `--window-size=${width},600`),
		) ?? [];
	rmSync(picture, { force: true });
	chromium(`--screenshot=${picture}`, `--window-size=${width},${height}`);
	const palette = [
		"--force",
		"--strip",
		"--nofs",
		`--output=${picture}`,
		"24",
		picture,
	];
	execFileSync("pngquant", palette);
	removeFolder(folder);
	console.log(`${picture}: ${Math.round(statSync(picture).size / 1000)} kB`);
}
