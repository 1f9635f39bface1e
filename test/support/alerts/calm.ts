import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../wait-for.ts";
import type { AlertingStack } from "./alerting-stack.ts";

/**
 * The titles of the messages that come in so many seconds, which should be longer than any condition has to hold. They begin
 * when no alert that people would be told of fires or is about to, as some do while things start.
 */
export async function told(
	alerting: AlertingStack,
	seconds: number,
): Promise<string[]> {
	const query = 'ALERTS{severity!="info"}';
	await waitFor(
		async () => (await alerting.stack.query(query)).length === 0,
		120,
	);
	const since = Date.now();
	await sleep(seconds * 1000);
	return titlesSince(alerting, since);
}

/** The titles of the messages since a time, but for those that say that something is over. */
export function titlesSince(alerting: AlertingStack, since: number): string[] {
	return alerting.slack.messages
		.filter(({ at, title }) => at >= since && !title.includes("Resolved"))
		.map(({ title }) => title);
}
