// Writes the tables of docs/alerts.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./alert-files.ts";
import { alertTables } from "./table.ts";

const path = join(root, "docs/alerts.md");
const page = readFileSync(path, "utf8");
writeFileSync(
	path,
	page.replace(
		/(<!-- begin of the tables[^>]*-->\n).*(\n<!-- end of the tables -->)/s,
		(_, begin, end) => `${begin}\n${alertTables()}\n${end}`,
	),
);
