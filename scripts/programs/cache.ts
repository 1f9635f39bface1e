import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { goEnvironment } from "./go.ts";
import { type ProgramName, type Source, sources } from "./sources.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where a source's programs are kept, outside the tree: another definition of the build is another folder. */
export function folderOf(source: Source): string {
	const key = createHash("sha256")
		.update(
			JSON.stringify([
				source.version,
				source.programs,
				source.recipe,
				readManifest(source),
				goEnvironment,
				process.platform,
				process.arch,
			]),
		)
		.digest("hex")
		.slice(0, 12);
	const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
	return join(
		cache,
		"adult-matching-monitoring",
		`${source.name}-${source.version}-${key}`,
	);
}

/** Where a program is once it is built. */
export function programPath(name: ProgramName): string {
	return join(folderOf(sourceOf(name)), "bin", name);
}

export function sourceOf(name: ProgramName): Source {
	const source = sources.find(({ programs }) => programs.includes(name));
	if (!source) throw new Error(`no source builds ${name}`);
	return source;
}

export function isBuilt(source: Source): boolean {
	return existsSync(join(folderOf(source), "bin"));
}

/** The manifest of a collector; nothing for others. */
export function readManifest({ recipe }: Source): string {
	return recipe.kind === "collector"
		? readFileSync(join(root, recipe.manifest), "utf8")
		: "";
}
