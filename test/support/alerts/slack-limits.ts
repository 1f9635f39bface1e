import { expect } from "vitest";
import type { SlackMessage } from "./slack.ts";

/**
 * What Slack takes. A text's limit is documented for the whole message alone; people have seen attachments cut at 8000 bytes.
 * https://docs.slack.dev/changelog/2018-04-truncating-really-long-messages,
 * https://github.com/StackStorm/hubot-stackstorm/issues/108; of a title, Alertmanager itself lets through as much.
 */
const most = { title: 1024, textBytes: 8000, bodyBytes: 40_000 };

/** What makes something of text: `<…>`, of which only links of http and dates may be there. */
const controls = /<([^<>]*)>/g;

/** Checks a message against all that Slack documents. */
export function expectToFit(message: SlackMessage): void {
	const { title, text, fallback, body } = message;
	expect([...title].length, title).toBeLessThanOrEqual(most.title);
	expect(Buffer.byteLength(text), text).toBeLessThanOrEqual(most.textBytes);
	expect(Buffer.byteLength(body)).toBeLessThanOrEqual(most.bodyBytes);
	expect(fallback).not.toBe("");
	for (const plain of [title, fallback]) expect(plain).not.toMatch(/[<>\n]/);
	for (const part of [title, fallback, text]) {
		const rest = part.replaceAll(controls, (_, inner) => {
			expect(inner).toMatch(
				/^(https?:\/\/[^|]+\|[^|]+|!date\^\d+\^[^|]+\|.+)$/,
			);
			return "";
		});
		expect(rest).not.toMatch(/[<>]/);
		expect(part).not.toMatch(/&(?!(amp|lt|gt);)/);
	}
}
