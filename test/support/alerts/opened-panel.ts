import { type Dashboard, dashboards } from "../dashboards/dashboard-files.ts";
import { asRegex, substitute, type Values } from "../dashboards/fill-in.ts";
import type { AlertingStack } from "./alerting-stack.ts";
import { textOf } from "./reading-text.ts";
import { scaledRules } from "./scaled-rules.ts";

/** Variables as Grafana fills them in where nothing is chosen, with time scaled as that of the rules is. */
const unchosen: Values = {
	environment: ".*",
	service: ".*",
	endpoint: ".*",
	function: ".*",
	__interval: "10s",
	__rate_interval: "10s",
};

type Labels = Readonly<Record<string, string>>;

/** A query of the panel that a message opens. */
export class OpenedPanel {
	/** The names of the dashboard and of the panel. */
	readonly name: string;
	/** A value as the panel writes it. */
	readonly text: (reading: number | undefined) => string;
	readonly #query: string;

	/** @param path of Grafana, which may choose values of variables */
	constructor(path: string, refId: string) {
		const { pathname, searchParams } = new URL(path, "http://grafana");
		const dashboard = dashboards.find(({ uid }) => pathname === `/d/${uid}`);
		const id = searchParams.get("viewPanel");
		const panel = dashboard?.panels.find((each) => `panel-${each.id}` === id);
		const expr = panel?.targets.find((each) => each.refId === refId)?.expr;
		if (!dashboard || !panel || expr === undefined) {
			throw new Error(`no panel with a query ${refId} is at ${path}`);
		}
		const variables = { ...unchosen, ...chosenIn(searchParams, dashboard) };
		this.name = `${dashboard.title}, ${panel.title}`;
		this.text = (reading) => textOf(reading, panel, refId);
		this.#query = scaledRules(substitute(expr, variables));
	}

	/**
	 * The values of the series that are about a thing: whose labels are its own, as far as it has them.
	 * @param time in seconds since 1970
	 */
	async readings(
		{ stack }: AlertingStack,
		thing: Labels,
		time: number,
	): Promise<number[]> {
		const series = await stack.query(this.#query, time);
		return series
			.filter(({ labels }) =>
				Object.entries(labels).every(
					([name, value]) => (thing[name] ?? value) === value,
				),
			)
			.map(({ value }) => value);
	}
}

function chosenIn(search: URLSearchParams, { templating }: Dashboard): Values {
	const chosen = [...search]
		.filter(([name]) => name.startsWith("var-"))
		.map(([name, value]) => [name.slice("var-".length), asRegex(value)]);
	const known = templating.list.map(({ name }) => name);
	for (const [name = ""] of chosen) {
		if (!known.includes(name)) throw new Error(`no variable is named ${name}`);
	}
	return Object.fromEntries(chosen);
}
