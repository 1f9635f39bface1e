import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./alert-files.ts";
import { alertTables } from "./table.ts";

const page = readFileSync(join(root, "docs/alerts.md"), "utf8");

test("docs/alerts.md has the tables that the rules make", () => {
	const [, tables] =
		/<!-- begin of the tables[^>]*-->\n\n(.*)\n\n<!-- end of the tables -->/s.exec(
			page,
		) ?? [];
	expect(tables).toBe(alertTables());
});
