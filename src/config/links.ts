import type { Problem } from "./problems.ts";
import type { Config } from "./schema/schema.ts";

/** Keys whose entries have a state each, and so share one space of names. */
const kinds = [
	"endpoints",
	"ml_endpoints",
	"data_flow_checks",
	"flows",
	"heartbeats",
] as const;

interface Link {
	readonly from: string;
	readonly to: string;
	readonly path: readonly string[];
}

/**
 * What names in the configuration that lead to one another have wrong: two things of one name, names that no one has,
 * and circles.
 * @param reserved names that are taken by something that is not configured, and may be depended on
 */
export function linkProblems(
	config: Config,
	reserved: readonly string[],
): Problem[] {
	const entries = kinds.flatMap((kind) =>
		Object.entries(config[kind]).map(([name, value]) => ({
			kind,
			name,
			value,
		})),
	);
	const dependencies = entries.flatMap(({ kind, name, value }) =>
		"depends_on" in value
			? value.depends_on.map((to: string): Link => {
					return { from: name, to, path: [kind, name, "depends_on"] };
				})
			: [],
	);
	const stages = entries.flatMap(({ kind, name, value }): Link[] =>
		"after" in value && value.after !== undefined
			? [{ from: name, to: value.after, path: [kind, name, "after"] }]
			: [],
	);
	const flows = Object.keys(config.data_flow_checks);
	const names = entries.map(({ name }) => name);
	return [
		...nameProblems(entries, reserved),
		...unknownNames(dependencies, [...names, ...reserved], "component"),
		...unknownNames(stages, flows, "data flow"),
		...circles(dependencies),
		...circles(stages),
		...durationProblems(config),
	];
}

function nameProblems(
	entries: readonly { kind: string; name: string }[],
	reserved: readonly string[],
): Problem[] {
	const taken = new Map(reserved.map((name) => [name, "the monitor itself"]));
	return entries.flatMap(({ kind, name }) => {
		const holder = taken.get(name);
		taken.set(name, kind);
		return holder === undefined
			? []
			: [
					{
						path: [kind, name],
						sentence: `the name is taken by ${holder}; each component has to have one of its own`,
					},
				];
	});
}

function unknownNames(
	links: readonly Link[],
	known: readonly string[],
	what: string,
): Problem[] {
	return links
		.filter(({ to }) => !known.includes(to))
		.map(({ to, path }) => ({
			path,
			sentence: `no ${what} is named ${to}; there are ${known.join(", ")}`,
		}));
}

/** The links that close a circle, each circle told once. */
function circles(links: readonly Link[]): Problem[] {
	const told = new Set<string>();
	return links.flatMap(({ from, path }) => {
		const circle = circleFrom(from, links);
		if (!circle || circle.some((name) => told.has(name))) return [];
		for (const name of circle) told.add(name);
		return [
			{
				path,
				sentence: `goes in a circle: ${[...circle, from].join(" → ")}`,
			},
		];
	});
}

function circleFrom(
	start: string,
	links: readonly Link[],
): string[] | undefined {
	const ways = [[start]];
	const seen = new Set<string>();
	for (const way of ways) {
		const last = way.at(-1);
		for (const { to } of links.filter(({ from }) => from === last)) {
			if (to === start) return way;
			if (seen.has(to)) continue;
			seen.add(to);
			ways.push([...way, to]);
		}
	}
	return undefined;
}

function durationProblems({
	measurements,
	endpoints,
	ml_endpoints,
}: Config): Problem[] {
	const probed = [...Object.keys(endpoints), ...Object.keys(ml_endpoints)];
	return Object.entries(measurements).flatMap(
		([name, { duration_of: component }]) =>
			component === undefined || probed.includes(component)
				? []
				: [
						{
							path: ["measurements", name, "duration_of"],
							sentence: `no endpoint is named ${component}; there are ${probed.join(", ")}`,
						},
					],
	);
}
