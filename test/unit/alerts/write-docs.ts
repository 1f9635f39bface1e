// Writes the tables of docs/alerts.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./alert-files.ts";
import { proofTable } from "./proof-table.ts";
import { alertTables } from "./table.ts";

const path = join(root, "docs/alerts.md");
const page = readFileSync(path, "utf8");
writeFileSync(
	path,
	between(between(page, "tables", alertTables()), "proofs", proofTable()),
);

/** The page with other text between the comments that mark the begin and the end of a part. */
function between(text: string, part: string, content: string): string {
	return text.replace(
		new RegExp(
			`(<!-- begin of the ${part}[^>]*-->\\n).*(\\n<!-- end of the ${part} -->)`,
			"s",
		),
		(_, begin, end) => `${begin}\n${content}\n${end}`,
	);
}
