import type { Metric } from "./metric.ts";

/** What is read of Postgres. */
export const postgresMetrics = {
	up: {
		name: "db_up",
		kind: "gauge",
		unit: "{up}",
		help: "1 if the database answered the last collection, else 0",
	},
	connections: {
		name: "db_connections",
		kind: "gauge",
		unit: "{connection}",
		help: "Connections to the server, of clients and of its own workers for them",
	},
} satisfies Record<string, Metric>;
