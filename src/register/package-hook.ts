import {
	InstrumentationBase,
	InstrumentationNodeModuleDefinition,
	InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";
import { version } from "../version.ts";
import type { Guard } from "./guard.ts";

export interface PackageHook {
	readonly name: string;
	/** Versions of the package that are understood. */
	readonly versions: readonly string[];
	/** Files other than the main one that the app may load, as paths that begin with the package's name. */
	readonly files?: readonly string[];
	/** Takes what the package exports, and gives what the app is to get in its place. */
	readonly patch: (exports: object, guard: Guard) => object | undefined;
}

/** Sees a package when the app loads it, by `import` or by `require`. */
export function hookPackage(hook: PackageHook, guard: Guard): void {
	const versions = [...hook.versions];
	const patch = (exports: object) =>
		guard.run(hook.name, () => hook.patch(exports, guard)) ?? exports;

	class OnePackage extends InstrumentationBase {
		protected override init() {
			return new InstrumentationNodeModuleDefinition(
				hook.name,
				versions,
				patch,
				undefined,
				(hook.files ?? []).map(
					(file) =>
						new InstrumentationNodeModuleFile(file, versions, patch, () => {}),
				),
			);
		}
	}
	new OnePackage(`adult-matching-monitoring/${hook.name}`, version, {});
}

/** The exports with one of them replaced; a copy where they are getters, as bundlers make them for CommonJS. */
export function withExport(
	exports: object,
	name: string,
	value: unknown,
): object {
	if (Reflect.set(exports, name, value)) return exports;
	return Object.defineProperties(
		{},
		{
			...Object.getOwnPropertyDescriptors(exports),
			[name]: { value, enumerable: true },
		},
	);
}
