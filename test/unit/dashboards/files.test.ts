import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { allFiles } from "../../../src/dashboards/files.ts";

const files = allFiles();

test.each(Object.entries(files))(
	"%s is what `npm run dashboards` writes",
	(path, content) => {
		expect(readFileSync(path, "utf8")).toBe(content);
	},
);

test.each(["grafana/dashboards", "grafana/dashboards-ja"])(
	"%s has no other file",
	(folder) => {
		const ours = Object.keys(files)
			.filter((path) => path.startsWith(`${folder}/`))
			.map((path) => basename(path));
		expect(readdirSync(folder).toSorted()).toEqual(ours.toSorted());
	},
);
