import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./alert-files.ts";
import { proofTable } from "./proof-table.ts";
import { alertTables } from "./table.ts";

const page = readFileSync(join(root, "docs/alerts.md"), "utf8");

function partOf(text: string, part: string): string | undefined {
	return new RegExp(
		`<!-- begin of the ${part}[^>]*-->\\n\\n(.*)\\n\\n<!-- end of the ${part} -->`,
		"s",
	).exec(text)?.[1];
}

test("docs/alerts.md has the tables that the rules make", () => {
	expect(partOf(page, "tables")).toBe(alertTables());
});

test("docs/alerts.md tells which real faults were noticed, as the last run on record saw it", () => {
	expect(partOf(page, "proofs")).toBe(proofTable());
});
