import type { Dashboard } from "./dashboard.ts";
import { database } from "./database.ts";
import { edgeFunctions } from "./edge-functions.ts";
import { integration } from "./integration.ts";
import { performance } from "./performance.ts";
import { pipeline } from "./pipeline.ts";
import { systemOverview } from "./system-overview.ts";

export const dashboards: readonly Dashboard[] = [
	systemOverview,
	integration,
	performance,
	edgeFunctions,
	database,
	pipeline,
];
