import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allFiles } from "../../../src/dashboards/files.ts";

const types = fileURLToPath(new URL("grafana-types.ts", import.meta.url));
const tsc = fileURLToPath(
	new URL("../../../node_modules/.bin/tsc", import.meta.url),
);

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "monitor-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What TypeScript finds wrong with dashboards, by the types of @grafana/schema. */
function mistakesIn(dashboards: readonly string[]): string {
	const file = join(folder, "dashboards.ts");
	const constants = dashboards.map(
		(json, index) => `export const d${index}: KnownDashboard = ${json};\n`,
	);
	const imported = `import type { KnownDashboard } from ${JSON.stringify(types)};\n`;
	writeFileSync(file, imported + constants.join(""));
	const options = {
		compilerOptions: {
			target: "es2024",
			module: "nodenext",
			strict: true,
			noEmit: true,
			skipLibCheck: true,
			allowImportingTsExtensions: true,
			types: [],
		},
		files: [file],
	};
	const project = join(folder, "tsconfig.json");
	writeFileSync(project, JSON.stringify(options));
	try {
		execFileSync(tsc, ["--project", project], { encoding: "utf8" });
		return "";
	} catch (error) {
		if (error instanceof Error && "stdout" in error) return `${error.stdout}`;
		throw error;
	}
}

const files = Object.values(allFiles());

test("every dashboard is one by Grafana's published types", () => {
	expect(mistakesIn(files)).toBe("");
});

test.each([
	['"colorMode": "value"', '"colorMode": "colourful"'],
	['"graphMode": "none"', '"graphMood": "none"'],
	['"decimals": 0', '"decimals": "none"'],
	['"keepTime": true', '"keepTimes": true'],
	['"drawStyle": "line"', '"drawStyle": "lines"'],
	['"queryType": "traceql"', '"queryKind": "traceql"'],
])("and with %s changed to %s it is none", (right, wrong) => {
	const [file] = files.filter((text) => text.includes(right));
	expect(mistakesIn([file?.replace(right, wrong) ?? ""])).not.toBe("");
});
