import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { describe, expect, it } from "vitest";

const folder = join(
	import.meta.dirname,
	"../../../supabase/functions/_shared/monitoring",
);
const sources = readdirSync(folder).map((name) => ({
	name,
	text: readFileSync(join(folder, name), "utf8"),
}));

describe("the edge library", () => {
	it("is under 12 kB, minified and gzipped", async () => {
		const bundle = await rolldown({
			input: join(folder, "logger.ts"),
			external: [/^node:/],
		});
		const { output } = await bundle.generate({ format: "esm", minify: true });
		const [{ code }] = output;
		expect(output).toHaveLength(1);
		expect(gzipSync(code, { level: 9 }).length).toBeLessThan(12_000);
	});

	it("depends on nothing but itself and AsyncLocalStorage", () => {
		const imports = sources.flatMap(({ text }) =>
			Array.from(text.matchAll(/from "([^"]+)"/g), ([, from]) => from ?? ""),
		);
		const outside = imports.filter((from) => !/^\.\/[a-z-]+\.ts$/.test(from));
		expect(imports.length).toBeGreaterThan(50);
		expect([...new Set(outside)]).toEqual(["node:async_hooks"]);
	});

	it("is documented: every variable that it reads, and everything that it exports", () => {
		const docs = readFileSync(
			join(import.meta.dirname, "../../../docs/edge.md"),
			"utf8",
		);
		const variables = sources.flatMap(({ text }) =>
			Array.from(text.matchAll(/read\("([A-Z_]+)"\)/g), ([, name]) => name),
		);
		const entry = sources.find(({ name }) => name === "logger.ts")?.text ?? "";
		const exported = Array.from(
			entry.matchAll(/\b(create\w+|with\w+)/g),
			([name]) => name,
		);
		expect(variables.length).toBeGreaterThan(10);
		expect(exported.length).toBe(4);
		for (const name of [...variables, ...exported]) {
			expect(docs).toContain(`\`${name}`);
		}
	});
});
