import type { ConfigInput } from "../../../src/config/schema/schema.ts";
import { userId } from "../../source/users.ts";

/** Where the parts of the demo listen, such as http://127.0.0.1:8003. */
export interface Urls {
	readonly edge: string;
	readonly inference: string;
	readonly dataSync: string;
	readonly mlTraining: string;
}

/** Who is recommended to when a probe asks. */
export const probedUser = userId(0);

/** Tells the edge functions that no user asks: what a monitor does is no user's action. */
export const headers = { "x-synthetic": "monitor" };

export function functionsOf({ edge }: Urls): {
	readonly recommendations: string;
	readonly users: string;
	readonly feed: string;
} {
	const functions = `${edge}/functions/v1`;
	return {
		recommendations: `${functions}/enhanced_two_tower_recommendations`,
		users: `${functions}/user_management`,
		feed: `${functions}/content_feed`,
	};
}

/** A health check is well when it says so: any answer with status 200 would not do. */
const saysHealthy = [{ json: "$.status", equals: "healthy" }];

export function endpoints(urls: Urls): NonNullable<ConfigInput["endpoints"]> {
	const { recommendations, users, feed } = functionsOf(urls);
	return {
		enhanced_recommendations: {
			url: `${recommendations}?user_id=${probedUser}`,
			headers,
			assertions: [
				{ json: "$.data.recommendations[0].content_id", exists: true },
			],
			depends_on: ["postgres", "model_inference"],
		},
		user_management: {
			url: users,
			headers,
			assertions: saysHealthy,
			depends_on: ["postgres"],
		},
		content_feed: {
			url: feed,
			headers,
			assertions: [{ json: "$.data[0].id", exists: true }],
			depends_on: ["postgres"],
		},
		data_sync: {
			url: `${urls.dataSync}/health`,
			assertions: saysHealthy,
			depends_on: ["postgres"],
		},
		ml_training: {
			url: `${urls.mlTraining}/health`,
			assertions: saysHealthy,
			depends_on: ["postgres"],
		},
	};
}

/** They depend on the process that they are in; one that is started while Postgres is down ends, and has to wait for it. */
export function mlEndpoints(
	urls: Urls,
): NonNullable<ConfigInput["ml_endpoints"]> {
	return {
		model_inference: {
			url: `${urls.inference}/model`,
			depends_on: ["postgres"],
		},
		embedding_generation: {
			url: `${urls.dataSync}/embeddings`,
			depends_on: ["data_sync"],
		},
		training_status: {
			url: `${urls.mlTraining}/training/status`,
			depends_on: ["ml_training"],
		},
	};
}
