import type { ConfigInput } from "../../../src/config/schema/schema.ts";
import { probedUser, type Urls } from "./endpoints.ts";

/**
 * The way of a content: listed by the source, taken over, embedded, recommended.
 * @param jobsReport whether the monitor hears of the jobs that move it on
 */
export function dataFlows(
	urls: Urls,
	jobsReport: boolean,
): NonNullable<ConfigInput["data_flow_checks"]> {
	const needs = (...jobs: string[]) => [
		"postgres",
		...(jobsReport ? jobs : []),
	];
	return {
		source_freshness: {
			max_age: 600,
			request: { url: `${urls.dataSync}/source` },
			json: "$.newest_listed_at",
			depends_on: ["data_sync"],
		},
		dmm_sync_freshness: {
			max_age: 3600,
			after: "source_freshness",
			sql: "SELECT max(synced_at) FROM demo.contents",
			depends_on: needs("sync_job"),
		},
		embedding_update_freshness: {
			max_age: 1800,
			after: "dmm_sync_freshness",
			sql: "SELECT max(updated_at) FROM demo.content_embeddings",
			// The job of the stage before: it does both in one transaction. This stage is the first to be seen old.
			depends_on: needs("sync_job"),
		},
		recommendation_cache_freshness: {
			max_age: 900,
			after: "embedding_update_freshness",
			// Without the ranking that the monitor itself keeps fresh, by asking for it.
			sql: `SELECT max(computed_at) FROM demo.recommendation_cache WHERE user_id <> '${probedUser}'`,
			depends_on: [...needs("sync_job", "renewal_job"), "model_inference"],
		},
	};
}
