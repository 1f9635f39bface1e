import {
	key,
	type ProofRecord,
	readAllRecords,
} from "../../support/alerts/proof-records.ts";
import { alerts } from "./alert-files.ts";

/**
 * The table of docs/alerts.md that tells which real fault each rule was seen to notice, and on which panel it was seen, in the order
 * of the rules.
 */
export function proofTable(): string {
	const records = new Map(
		readAllRecords().map((record) => [key(record), record]),
	);
	const rows = alerts.map(({ alert, labels }) => {
		const { severity = "", source } = labels;
		const record = records.get(key({ alert, severity, source }));
		return record === undefined ? [] : [row(record)];
	});
	return [
		"| Alert | Fault | Seconds to the message | Message | Dashboard, panel: before → then |",
		"| --- | --- | --- | --- | --- |",
		...rows.flat(),
	].join("\n");
}

function row({ alert, severity, fault, seconds, message, seen }: ProofRecord) {
	const name = `[${alert}](runbooks/${alert}.md), ${severity}`;
	return `| ${[name, fault, seconds, message, seen].join(" | ")} |`;
}
