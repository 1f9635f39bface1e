import { type Environment, readSecret } from "./environment.ts";

export interface Expanded {
	readonly data: unknown;
	/** What the references stood for: never to be shown. */
	readonly secrets: readonly string[];
	readonly problems: readonly { path: readonly string[]; sentence: string }[];
}

const reference = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Puts the value of the variable, or of the file that `NAME_FILE` names, in the place of each `${env:NAME}`. */
export function expandReferences(
	data: unknown,
	environment: Environment,
	path: readonly string[] = [],
): Expanded {
	if (typeof data === "string") return expandText(data, environment, path);
	if (typeof data !== "object" || data === null) {
		return { data, secrets: [], problems: [] };
	}
	const parts = Object.entries(data).map(
		([key, value]) =>
			[key, expandReferences(value, environment, [...path, key])] as const,
	);
	return {
		data: Array.isArray(data)
			? parts.map(([, part]) => part.data)
			: Object.fromEntries(parts.map(([key, part]) => [key, part.data])),
		secrets: parts.flatMap(([, part]) => part.secrets),
		problems: parts.flatMap(([, part]) => part.problems),
	};
}

function expandText(
	text: string,
	environment: Environment,
	path: readonly string[],
): Expanded {
	const secrets: string[] = [];
	const problems: { path: readonly string[]; sentence: string }[] = [];
	const data = text.replace(reference, (written, name: string) => {
		const { value, problem } = readSecret(environment, name);
		if (value !== undefined) {
			secrets.push(value);
			return value;
		}
		problems.push({
			path,
			sentence:
				problem ?? `the variable ${name} is not set; set it, or ${name}_FILE`,
		});
		return written;
	});
	return { data, secrets, problems };
}
