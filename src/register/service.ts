import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** Who an app is, as far as its package.json tells. */
export interface Service {
	readonly name?: string;
	readonly version?: string;
}

/**
 * Reads the nearest package.json with a name, from the started file upwards.
 * @param entry path of the started file; without one, or where it is a tool in node_modules, the search begins in `cwd`
 */
export function findService(entry: string | undefined, cwd: string): Service {
	const path = entry === undefined ? "" : realPath(entry);
	const isOfTheApp = path !== "" && !/[\\/]node_modules[\\/]/.test(path);
	for (let folder = isOfTheApp ? dirname(path) : cwd; ; ) {
		const service = readPackage(join(folder, "package.json"));
		if (service.name !== undefined) return service;
		const parent = dirname(folder);
		if (parent === folder) return {};
		folder = parent;
	}
}

function realPath(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return path;
	}
}

function readPackage(path: string): Service {
	try {
		const { name, version } = JSON.parse(readFileSync(path, "utf8"));
		return {
			...(typeof name === "string" && name !== "" ? { name } : {}),
			...(typeof version === "string" ? { version } : {}),
		};
	} catch {
		return {};
	}
}
