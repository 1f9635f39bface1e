import { integrationMetrics } from "../../metrics/integration.ts";
import { gauge } from "../../metrics/metric.ts";
import type { Check } from "../check.ts";
import { databaseName } from "../components.ts";

/** Asks the database something, and gives how far its clock is ahead, in seconds; rejects with a sentence. */
export type AskDatabase = (signal: AbortSignal) => Promise<number>;

export type DatabaseCheckOptions = Omit<
	Check,
	"group" | "name" | "dependsOn" | "run"
> & { readonly ask: AskDatabase };

/** Looks whether the monitored database answers. */
export function createDatabaseCheck({
	ask,
	...check
}: DatabaseCheckOptions): Check {
	return {
		...check,
		group: "database",
		name: databaseName,
		dependsOn: [],
		run: async (signal) => {
			const begin = performance.now();
			const duration = () => (performance.now() - begin) / 1000;
			try {
				const skew = await ask(signal);
				return {
					verdict: { state: "healthy", reason: "answered" },
					duration: duration(),
					readings: [gauge(integrationMetrics.clockSkew, skew)],
				};
			} catch (error) {
				const reason = error instanceof Error ? error.message : String(error);
				return {
					verdict: { state: "unhealthy", reason },
					duration: duration(),
				};
			}
		},
	};
}
