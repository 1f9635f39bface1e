import { expect, test } from "vitest";
import { written, writtenIn } from "./written.ts";

const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

/** Where words for readers are. */
const isText =
	/\.(title|description|noValue|legendFormat|label|name|displayName|text(\.0)?)$|\.overrides\.\d+\.properties\.\d+\.value$/;

const inJapanese = writtenIn("ja");

test("both languages have the same dashboards, and only words differ", () => {
	expect(inJapanese.length).toBe(written.length);
	for (const [index, dashboard] of written.entries()) {
		const english = new Map(leavesOf(dashboard));
		const other = new Map(leavesOf(inJapanese[index]));
		expect([...other.keys()]).toEqual([...english.keys()]);
		for (const [path, value] of other) {
			if (!isText.test(path)) expect(value, path).toBe(english.get(path));
		}
	}
});

test("no Japanese is left in English, and no sentence of English in Japanese", () => {
	for (const [path, value] of written.flatMap(leavesOf)) {
		expect(String(value), path).not.toMatch(japanese);
	}
	for (const { title, panels } of inJapanese) {
		for (const { title: name, description, fieldConfig } of panels) {
			expect(description, `${title}: ${name}`).toMatch(japanese);
			expect(fieldConfig.defaults.noValue, name).toMatch(japanese);
		}
	}
});

/** Every value that is no list and no object, by its path. */
function leavesOf(value: unknown): [string, unknown][] {
	if (typeof value !== "object" || value === null) return [["", value]];
	return Object.entries(value).flatMap(([key, part]) =>
		leavesOf(part).map(([path, leaf]): [string, unknown] => [
			`.${key}${path}`,
			leaf,
		]),
	);
}
