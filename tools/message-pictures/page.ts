import type { SlackMessage } from "../../test/support/alerts/slack.ts";

const colors: Readonly<Record<string, string>> = {
	danger: "#a30200",
	warning: "#daa038",
	good: "#2eb886",
};
const emoji: Readonly<Record<string, string>> = {
	red_circle: "🔴",
	large_yellow_circle: "🟡",
	white_check_mark: "✅",
	information_source: "ℹ️",
};
const zones = { en: "UTC", ja: "Asia/Tokyo" };

type Language = keyof typeof zones;

/** A message on a page of its own, near to Slack's look; the page's title is its height. */
export function pageOf(message: SlackMessage, language: Language): string {
	const { title, title_link, text, color, at } = message;
	return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<style>
	body { margin: 0; padding: 14px 20px; background: #fff; color: #1d1c1d; overflow: hidden;
		font: 15px/1.46668 Lato, "Noto Sans", "Noto Sans CJK JP", "Noto Color Emoji", sans-serif; }
	.message { display: grid; grid-template-columns: 36px 1fr; gap: 8px; }
	.icon { width: 36px; height: 36px; border-radius: 6px; background: #4a154b; color: #fff;
		display: grid; place-items: center; font-weight: 900; }
	.name { font-weight: 900; }
	.app { background: #e8e8e8; color: #616061; border-radius: 2px; padding: 1px 3px; font-size: 10px;
		font-weight: 700; vertical-align: 2px; margin: 0 4px; }
	.time { color: #616061; font-size: 12px; }
	.attachment { display: grid; grid-template-columns: 4px 1fr; gap: 12px; margin-top: 4px; }
	.bar { border-radius: 8px; background: ${colors[color] ?? color}; }
	.title { font-weight: 700; }
	a { color: #1264a3; text-decoration: none; }
	code { font: 12px/1.5 "Noto Sans Mono", "DejaVu Sans Mono", monospace; color: #c01343; background: #f8f8f8;
		border: 1px solid #ddd; border-radius: 3px; padding: 1px 3px; overflow-wrap: anywhere; }
</style>
<div class="message">
	<div class="icon">M</div>
	<div>
		<span class="name">Monitoring</span><span class="app">APP</span><span class="time">${clock(at, language)}</span>
		<div class="attachment">
			<div class="bar"></div>
			<div>
				<a class="title" href="${title_link}">${withEmoji(title)}</a>
				<div>${formatted(text.trim(), language)}</div>
			</div>
		</div>
	</div>
</div>
<script>document.title = Math.ceil(document.querySelector(".message").getBoundingClientRect().bottom + 14);</script>
`;
}

/** Slack's own formatting, as far as messages use it. Its escapes are those of HTML. */
function formatted(text: string, language: Language): string {
	const html = text
		.replaceAll(/<!date\^(\d+)\^([^|]*)\|[^>]*>/g, (_, seconds, format) =>
			date(Number(seconds) * 1000, format, language),
		)
		.replaceAll(/<(http[^|>]*)\|([^>]*)>/g, '<a href="$1">$2</a>')
		.replaceAll(/`([^`\n]+)`/g, "<code>$1</code>")
		.replaceAll(/^\*(.+)\*$/gm, "<b>$1</b>")
		.replaceAll("\n", "<br>");
	return withEmoji(html);
}

function withEmoji(text: string): string {
	return text.replaceAll(/:(\w+):/g, (all, name) => emoji[name] ?? all);
}

function date(at: number, format: string, language: Language): string {
	const today = language === "ja" ? "今日" : "Today at";
	return format
		.replace("{date_short_pretty}", today)
		.replace("{time}", clock(at, language));
}

function clock(at: number, language: Language): string {
	return new Intl.DateTimeFormat(language, {
		timeStyle: "short",
		timeZone: zones[language],
	}).format(at);
}
