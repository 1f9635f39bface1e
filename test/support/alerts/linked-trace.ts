import { expect } from "vitest";
import { waitFor } from "../wait-for.ts";
import type { AlertingStack } from "./alerting-stack.ts";

/** The trace that a message leads to is there, with a span of that name. */
export async function leadsToTrace(
	alerting: AlertingStack,
	text: string,
	span: string,
): Promise<void> {
	const [, id] = /%22query%22:%22([\da-f]{32})%22/.exec(text) ?? [];
	expect(id, text).toBeDefined();
	await waitFor(async () => {
		const spans = await alerting.stack.trace(id ?? "");
		return spans.some(({ name }) => name === span);
	});
}
