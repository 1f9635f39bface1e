import { type Alert, alertFiles, alertNames, alerts } from "./alert-files.ts";
import { runbooks } from "./runbooks.ts";

/** The tables of docs/alerts.md: every alert, made from the rules and from the first sentence of each runbook. */
export function alertTables(): string {
	return alertFiles
		.map((file) => {
			const title = file.replace(/\.yaml$/, "");
			const rows = alertNames
				.filter(
					(name) => alerts.find(({ alert }) => alert === name)?.file === file,
				)
				.map(row);
			return [
				`### ${title.charAt(0).toUpperCase()}${title.slice(1)}`,
				"",
				"| Alert | Severity, after | Condition |",
				"| --- | --- | --- |",
				...rows,
			].join("\n");
		})
		.join("\n\n");
}

function row(name: string): string {
	const rules = alerts.filter(({ alert }) => alert === name);
	const severities = new Set(rules.map(severity));
	const meaning =
		runbooks
			.find((runbook) => runbook.name === name)
			?.sections.get("Meaning") ?? "";
	const condition = firstSentence(meaning.replace(/\s+/g, " "));
	return `| [${name}](runbooks/${name}.md) | ${[...severities].join("<br>")} | ${condition} |`;
}

function severity({ labels, for: time }: Alert): string {
	return time === undefined
		? `${labels.severity}, at once`
		: `${labels.severity}, ${time}`;
}

function firstSentence(text: string): string {
	return /^.*?[.:](?= [A-Z]|$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;
}
