import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * Makes packages patchable where the app loads them by `import`, by hooks in this thread.
 * @param include the names that are imported; a list keeps every other module untouched and the start fast
 * @throws Error where this Node's hooks would break CommonJS
 */
export async function hookImports(include: readonly string[]): Promise<void> {
	// The copy that @opentelemetry/instrumentation takes: another one would never tell it of a module.
	const { resolve } = createRequire(import.meta.url);
	const resolveThere = createRequire(
		resolve("@opentelemetry/instrumentation"),
	).resolve;
	const path = resolveThere("import-in-the-middle/register-hooks.mjs");
	const hooks: typeof import("import-in-the-middle/register-hooks.mjs") =
		await import(pathToFileURL(path).href);
	if (!hooks.supportsSyncHooks()) {
		throw new Error(
			`Node ${process.versions.node} cannot hook imports, only what is loaded by require is seen; 24.11.1 and later can`,
		);
	}
	hooks.register({ include: [...include] });
}
