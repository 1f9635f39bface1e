import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { filesIn } from "../src/dashboards/files.ts";
import { languages } from "../src/dashboards/text.ts";

// Writes Grafana's dashboards, in English unless told otherwise.

const { values } = parseArgs({
	options: { language: { type: "string", default: "en" } },
});
const language = languages.find((known) => known === values.language);
if (language === undefined) {
	console.error(`--language is one of ${languages.join(", ")}`);
	process.exit(2);
}
const root = new URL("../", import.meta.url);
for (const [path, content] of Object.entries(filesIn(language))) {
	const file = fileURLToPath(new URL(path, root));
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, content);
	console.log(path);
}
