import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runbookFolder } from "./alert-files.ts";

export interface Runbook {
	readonly name: string;
	readonly title: string;
	/** By heading, in their order. */
	readonly sections: ReadonlyMap<string, string>;
	/** What stands in blocks of code, by language. */
	code(language: string): string[];
}

export const runbooks: readonly Runbook[] = readdirSync(runbookFolder)
	.toSorted()
	.map((file) => {
		const text = readFileSync(join(runbookFolder, file), "utf8");
		const [title = "", ...sections] = text.split(/^## /m);
		return {
			name: basename(file, ".md"),
			title: title.trim(),
			sections: new Map(
				sections.map((section) => {
					const end = section.indexOf("\n");
					return [section.slice(0, end), section.slice(end).trim()];
				}),
			),
			code: (language) =>
				[...text.matchAll(/^```(\w+)\n(.*?)\n```$/gms)]
					.filter(([, found]) => found === language)
					.map(([, , code = ""]) => code),
		};
	});
