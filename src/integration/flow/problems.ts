import type { FlowConfig, StepConfig } from "../../config/schema/flow.ts";
import { formatOf } from "./fill-body.ts";
import { contentTypeOf } from "./fill-request.ts";
import { variableInHost } from "./fill-url.ts";
import { brokenReferenceIn, referencesIn, runId } from "./references.ts";
import { quotingProblems } from "./sql-parameters.ts";
import { templatesIn } from "./templates.ts";

export interface FlowProblem {
	/** From the flow's own mapping on. */
	readonly path: readonly string[];
	readonly sentence: string;
}

interface PlacedStep {
	readonly step: StepConfig;
	readonly path: readonly string[];
}

/** Mistakes in a flow's variables and the names of its steps, which would only show when it runs. */
export function variableProblems({
	steps,
	cleanup,
}: FlowConfig): FlowProblem[] {
	const placed = [...placedIn("steps", steps), ...placedIn("cleanup", cleanup)];
	const names = new Set<string>();
	const known = new Set([runId]);
	return placed.flatMap(({ step, path }) => {
		const found = [
			...nameProblems(step, names),
			...referenceProblems(step, known),
			...placeProblems(step),
			...extractProblems(step),
		];
		names.add(step.name);
		for (const name of Object.keys(step.extract)) known.add(name);
		return found.map((problem) => ({
			...problem,
			path: [...path, ...problem.path],
		}));
	});
}

function placedIn(key: string, steps: readonly StepConfig[]): PlacedStep[] {
	return steps.map((step, index) => ({ step, path: [key, String(index)] }));
}

function nameProblems(
	{ name }: StepConfig,
	taken: ReadonlySet<string>,
): FlowProblem[] {
	if (!taken.has(name)) return [];
	return [{ path: ["name"], sentence: `${name} is another step's name` }];
}

function referenceProblems(
	step: StepConfig,
	known: ReadonlySet<string>,
): FlowProblem[] {
	return templatesIn(step).flatMap(({ path, text }) => {
		const unknown = new Set(
			referencesIn(text).filter((each) => !known.has(each)),
		);
		const sentences = [...unknown].map(
			(name) => `no step before this one extracts ${name}`,
		);
		const broken = brokenReferenceIn(text);
		if (broken !== undefined) {
			sentences.push(
				`${broken} is no variable: its name is letters, digits and underscores`,
			);
		}
		return sentences.map((sentence) => ({ path, sentence }));
	});
}

/** Variables where no value can be put safely. */
function placeProblems({ request, sql }: StepConfig): FlowProblem[] {
	const inSql = quotingProblems(sql ?? "").map((sentence) => ({
		path: ["sql"],
		sentence,
	}));
	const host = variableInHost(request?.url ?? "");
	const inHost =
		host === undefined
			? []
			: [
					{
						path: ["request", "url"],
						sentence: `\${${host}} can't be part of the host`,
					},
				];
	const body = ["request", "body"];
	return [
		...inSql,
		...inHost,
		...keyProblems(request?.body, body),
		...(isTornJson(request) ? [{ path: body, sentence: tornJson }] : []),
	];
}

const tornJson =
	"a variable in JSON has to be inside a string, and the rest has to be JSON";

function isTornJson(request: StepConfig["request"]): boolean {
	const { body, headers = {} } = request ?? {};
	if (typeof body !== "string" || referencesIn(body).length === 0) return false;
	if (formatOf(body, contentTypeOf(headers)) !== "json") return false;
	try {
		JSON.parse(body);
		return false;
	} catch {
		return true;
	}
}

function keyProblems(value: unknown, path: readonly string[]): FlowProblem[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, each]) => [
		...referencesIn(key).map((name) => ({
			path,
			sentence: `\${${name}} can't be in a key`,
		})),
		...keyProblems(each, [...path, key]),
	]);
}

function extractProblems({ sql, extract }: StepConfig): FlowProblem[] {
	return Object.entries(extract).flatMap(([name, { header }]) => {
		const path = ["extract", name];
		const sentences = [
			...(name === runId ? [`${runId} is there by itself`] : []),
			...(sql !== undefined && header !== undefined
				? ["a query has no headers"]
				: []),
		];
		return sentences.map((sentence) => ({ path, sentence }));
	});
}
