import { readFileSync } from "node:fs";

/** The fenced blocks of a language in a Markdown file of the project. */
export function blocksOf(file: string, language: string): string[] {
	const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
	const fenced = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms");
	return [...text.matchAll(fenced)].map(([, block = ""]) => block);
}
