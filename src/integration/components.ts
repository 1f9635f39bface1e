import type { Config } from "../config/schema.ts";

export type Group =
	| "edge_functions"
	| "backend_services"
	| "ml_pipeline"
	| "data_flows";

export interface Component {
	readonly group: Group;
	readonly name: string;
	/** What to ask; a component without it can't be probed and is unknown. */
	readonly url?: string;
}

/** The components that the configuration names, each in its group. */
export function componentsOf(config: Config): Component[] {
	const endpoints = Object.entries(config.endpoints);
	const mlEndpoints = Object.entries(config.ml_endpoints);
	const dataFlows = Object.keys(config.data_flow_checks);
	return [
		...endpoints.map(
			([name, url]): Component => ({
				group: isEdgeFunction(url) ? "edge_functions" : "backend_services",
				name,
				url,
			}),
		),
		...mlEndpoints.map(
			([name, url]): Component => ({ group: "ml_pipeline", name, url }),
		),
		...dataFlows.map((name): Component => ({ group: "data_flows", name })),
	];
}

function isEdgeFunction(url: string): boolean {
	return new URL(url).pathname.includes("/functions/");
}
