import type { ConfigInput } from "../../../src/config/schema/schema.ts";
import { functionsOf, headers, type Urls } from "./endpoints.ts";

type Flows = NonNullable<ConfigInput["flows"]>;

/** @param jobsReport whether the monitor hears of the jobs */
export function flows(urls: Urls, jobsReport: boolean): Flows {
	return {
		recommendation_flow: recommendationFlow(urls),
		user_management_flow: userManagementFlow(urls),
		data_sync_flow: dataSyncFlow(urls, jobsReport),
	};
}

function recommendationFlow(urls: Urls): Flows[string] {
	const { recommendations } = functionsOf(urls);
	return {
		interval: 60,
		depends_on: ["postgres", "user_management", "enhanced_recommendations"],
		steps: [
			signUp(urls),
			{
				name: "recommend",
				request: {
					url: `${recommendations}?user_id=\${user_id}&limit=5`,
					headers,
					assertions: [
						{ json: "$.data.recommendations[4].title", exists: true },
					],
				},
			},
			{
				name: "find_ranking",
				sql: `SELECT count(*) FROM demo.recommendation_cache
					WHERE user_id = CAST(\${user_id} AS uuid) AND cardinality(content_ids) > 0`,
				expect: 1,
			},
		],
		cleanup: [removal(urls, "remove_left", [204, 404])],
	};
}

function userManagementFlow(urls: Urls): Flows[string] {
	const read = { url: userUrl(urls), headers };
	return {
		interval: 60,
		depends_on: ["user_management"],
		steps: [
			signUp(urls),
			{
				name: "read",
				request: {
					...read,
					assertions: [{ json: "$.data.region", equals: "kanto" }],
				},
			},
			removal(urls, "remove", 204),
			{ name: "read_again", request: { ...read, expected_status: 404 } },
		],
		cleanup: [removal(urls, "remove_left", [204, 404])],
	};
}

/** It brings new contents itself. That the schedule lives is told by the heartbeat, which only the schedule reports. */
function dataSyncFlow({ dataSync }: Urls, jobsReport: boolean): Flows[string] {
	const job = jobsReport ? ["sync_job"] : [];
	return {
		interval: 300,
		depends_on: ["postgres", "data_sync", "source_freshness", ...job],
		steps: [
			{
				name: "sync",
				request: {
					url: `${dataSync}/sync`,
					method: "POST",
					timeout: 20,
					assertions: [{ json: "$.listed", greater_than: 0 }],
				},
			},
			{
				name: "wait_for_new_content",
				sql: `SELECT CASE WHEN max(synced_at) > now() - interval '5 minutes' THEN 'new' ELSE 'old' END
					FROM demo.contents`,
				expect: "new",
				wait_until: { timeout: 20 },
			},
			{
				name: "find_embeddings",
				sql: `SELECT count(*) FROM demo.contents CROSS JOIN demo.published
					LEFT JOIN demo.content_embeddings stored ON content_id = id
						AND stored.model_version = published.model_version
						AND stored.generation <= published.generation
					WHERE content_id IS NULL`,
				expect: 0,
			},
		],
	};
}

/** A guest: an e-mail address could be taken by an earlier run that was cut off. */
function signUp(urls: Urls) {
	return {
		name: "sign_up",
		request: {
			url: functionsOf(urls).users,
			method: "POST" as const,
			headers,
			body: { name: "Monitor", interests: ["sea", "rain"], region: "kanto" },
			expected_status: 201,
		},
		extract: { user_id: { json: "$.data.id" } },
	};
}

function removal(urls: Urls, name: string, expected: number | number[]) {
	return {
		name,
		request: {
			url: userUrl(urls),
			method: "DELETE" as const,
			headers,
			expected_status: expected,
		},
	};
}

function userUrl(urls: Urls): string {
	return `${functionsOf(urls).users}/\${user_id}`;
}
