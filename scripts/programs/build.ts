import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { folderOf, readManifest } from "./cache.ts";
import { run } from "./go.ts";
import type { CollectorRecipe, ModuleRecipe, Source } from "./sources.ts";

/**
 * Builds a source's programs into its folder of the cache: all of them at once, or none. Takes the folder's lock to be held.
 * @throws CommandError if Go fails
 */
export async function build(
	source: Source,
	signal: AbortSignal,
): Promise<void> {
	const folder = folderOf(source);
	removeLeftovers(folder);
	const temporary = mkdtempSync(join(folder, "build-"));
	try {
		const bin = join(temporary, "bin");
		mkdirSync(bin);
		if (source.recipe.kind === "module") {
			await buildModule(source, source.recipe, temporary, bin, signal);
		} else {
			await buildCollector(source, source.recipe, temporary, bin, signal);
		}
		renameSync(bin, join(folder, "bin"));
	} finally {
		rmSync(temporary, { recursive: true, force: true });
	}
}

/** What builds left that were killed. */
function removeLeftovers(folder: string): void {
	for (const name of readdirSync(folder)) {
		if (!name.startsWith("build-")) continue;
		rmSync(join(folder, name), { recursive: true, force: true });
	}
}

/** Builds in a copy of the module, by its own go.mod and go.sum. */
async function buildModule(
	{ programs }: Source,
	{ module, tags, ldflags, add }: ModuleRecipe,
	temporary: string,
	bin: string,
	signal: AbortSignal,
): Promise<void> {
	const downloaded: { Dir: string } = JSON.parse(
		await run("go", ["mod", "download", "-json", module], {
			cwd: temporary,
			signal,
		}),
	);
	const copy = join(temporary, "source");
	copyFiles(downloaded.Dir, copy);
	for (const [path, text] of Object.entries(add)) {
		mkdirSync(dirname(join(copy, path)), { recursive: true });
		writeFileSync(join(copy, path), text);
	}
	await run(
		"go",
		[
			"build",
			`-tags=${tags.join(",")}`,
			`-ldflags=${ldflags}`,
			`-o=${bin}/`,
			...programs.map((program) => `./cmd/${program}`),
		],
		{ cwd: copy, signal },
	);
}

/** The module cache's folders are read-only; in the copy, files are to be added, and all to be removed. */
function copyFiles(from: string, to: string): void {
	for (const entry of readdirSync(from, {
		recursive: true,
		withFileTypes: true,
	})) {
		if (!entry.isFile()) continue;
		const folder = join(to, entry.parentPath.slice(from.length));
		mkdirSync(folder, { recursive: true });
		copyFileSync(join(entry.parentPath, entry.name), join(folder, entry.name));
	}
}

async function buildCollector(
	source: Source,
	{ builder }: CollectorRecipe,
	temporary: string,
	bin: string,
	signal: AbortSignal,
): Promise<void> {
	const manifest = join(temporary, "manifest.yaml");
	writeFileSync(manifest, readManifest(source));
	await run("go", ["install", builder], {
		cwd: temporary,
		signal,
		environment: { GOBIN: temporary },
	});
	// The manifest's output_path is relative to the working folder.
	await run(join(temporary, "builder"), [`--config=${manifest}`], {
		cwd: temporary,
		signal,
	});
	for (const program of source.programs) {
		renameSync(join(temporary, "collector", program), join(bin, program));
	}
}
