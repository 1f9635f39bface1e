import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedFiles } from "../../scripts/docs/generated.ts";

test.each(Object.entries(generatedFiles))(
	"%s is what `npm run docs` writes",
	(path, content) => {
		const file = new URL(`../../${path}`, import.meta.url);
		expect(readFileSync(file, "utf8")).toBe(content());
	},
);
