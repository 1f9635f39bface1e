import type { Config } from "../config/schema/schema.ts";

export type Group =
	| "edge_functions"
	| "backend_services"
	| "ml_pipeline"
	| "data_flows"
	| "e2e_flows"
	| "heartbeats"
	| "database";

/** The name of the monitored database as a component, for others to depend on. */
export const databaseName = "postgres";

/** What has a state. */
export interface Component {
	readonly group: Group;
	readonly name: string;
}

/** The components that the configuration names, each in its group; without the database, which it does not name. */
export function componentsOf(config: Config): Component[] {
	const { endpoints, ml_endpoints, data_flow_checks, flows, heartbeats } =
		config;
	const all = (group: Group, named: object) =>
		Object.keys(named).map((name) => ({ group, name }));
	return [
		...Object.entries(endpoints).map(([name, { url }]) => ({
			group: groupOfEndpoint(url),
			name,
		})),
		...all("ml_pipeline", ml_endpoints),
		...all("data_flows", data_flow_checks),
		...all("e2e_flows", flows),
		...all("heartbeats", heartbeats),
	];
}

/** An edge function is told by `/functions/` in the path of its URL. */
export function groupOfEndpoint(
	url: string,
): "edge_functions" | "backend_services" {
	return new URL(url).pathname.includes("/functions/")
		? "edge_functions"
		: "backend_services";
}
