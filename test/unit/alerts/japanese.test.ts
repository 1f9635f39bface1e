import { describe, expect, test } from "vitest";
import { alerts, titleOf } from "./alert-files.ts";

const letter = String.raw`[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}、。]`;

function found(pattern: RegExp, text: string): string[] {
	return (text.match(pattern) ?? []).toSorted();
}

function limits(text: string): (string | undefined)[] {
	const named = text.matchAll(/(?:limit of|しきい値) (\d+(?:\.\d+)?)/g);
	return [...named].map(([, limit]) => limit);
}

describe.each(alerts.map((alert) => [titleOf(alert), alert.annotations]))(
	"%s in Japanese",
	(_, {
		summary = "",
		summary_ja = "",
		description = "",
		description_ja = "",
	}) => {
		const pairs = [
			[summary, summary_ja],
			[description, description_ja],
		] as const;

		test("has a headline without a full stop, and sentences that say where to look first", () => {
			expect(summary_ja).toMatch(RegExp(letter, "u"));
			expect(summary_ja).toMatch(/^[^\n。]+$/);
			expect(description_ja).toMatch(/。.*まず確認.*: [^\n]+。$/);
		});

		test("has no space within its words, as folded lines of YAML leave there", () => {
			for (const [, translated] of pairs) {
				expect(translated).not.toMatch(RegExp(`${letter} ${letter}`, "u"));
			}
		});

		test("is filled with the same values as in English", () => {
			for (const [english, translated] of pairs) {
				const actions = /\{\{.*?\}\}/g;
				expect(found(actions, translated)).toEqual(found(actions, english));
			}
		});

		test("names the same commands as in English", () => {
			for (const [english, translated] of pairs) {
				const commands = /`[^`]*`/g;
				expect(found(commands, translated)).toEqual(found(commands, english));
			}
		});

		test("has the same limit as in English", () => {
			expect(limits(summary_ja)).toEqual(limits(summary));
		});
	},
);
