import { type Environment, variables } from "./environment.ts";

export interface Override {
	readonly value: unknown;
	/** The variable or option that set it. */
	readonly place: string;
}

/** What the environment and the command line put in the place of keys. */
export function overridesFrom(
	environment: Environment,
	port: string | undefined,
): Map<string, Override> {
	const overrides = new Map<string, Override>();
	for (const variable of variables) {
		const text = environment[variable.name];
		if (!("overrides" in variable) || !text) continue;
		overrides.set(variable.overrides, {
			value: isText(variable.overrides) ? text : numberOr(text),
			place: variable.name,
		});
	}
	if (port !== undefined) {
		overrides.set("prometheus_port", {
			value: numberOr(port),
			place: "--port",
		});
	}
	return overrides;
}

function isText(key: string): boolean {
	return key === "log_level" || key === "metric_namespace";
}

/** The number that a text stands for; the text itself, for the schema to refuse, if it is none. */
function numberOr(text: string): number | string {
	return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

/** The data with the overridden keys in it. */
export function overrideKeys(
	data: unknown,
	overrides: ReadonlyMap<string, Override>,
): unknown {
	if (overrides.size === 0) return data;
	if (typeof data !== "object" || data === null || Array.isArray(data)) {
		return data;
	}
	const entries = [...overrides].map(([key, { value }]) => [key, value]);
	return { ...data, ...Object.fromEntries(entries) };
}
