// The newest contents: GET ?genre=…&limit=…
import { corsHeaders } from "../_shared/cors.ts";
import { database, isSynthetic } from "../_shared/database.ts";
import {
	createLogger,
	createResponseHelper,
	withMonitoring,
} from "../_shared/monitoring/logger.ts";

const name = "content_feed";
const logger = createLogger(name);
const respond = createResponseHelper(logger, corsHeaders);

export default {
	fetch: withMonitoring(name)(async (request: Request): Promise<Response> => {
		if (request.method === "OPTIONS") {
			return new Response(null, { status: 204, headers: corsHeaders });
		}
		if (request.method !== "GET") return respond.error("Use GET", 405);
		const { searchParams } = new URL(request.url);
		const limit = Number(searchParams.get("limit") ?? 20);
		if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
			return respond.validationError([
				"limit is not a whole number from 1 to 100",
			]);
		}
		const { rows } = await logger.monitorDatabaseOperation("get_feed", () =>
			database.query(
				`WITH shown AS (
					SELECT id, title, genre, tags, synced_at FROM demo.contents
					WHERE $1::text IS NULL OR genre = $1
					ORDER BY synced_at DESC, id DESC LIMIT $2
				), action AS (
					INSERT INTO demo.user_actions (action, items, synthetic)
					SELECT 'view_feed', count(*), $3 FROM shown
				)
				SELECT * FROM shown ORDER BY synced_at DESC, id DESC`,
				[searchParams.get("genre"), limit, isSynthetic(request)],
			),
		);
		logger.metric("feed_items", rows.length);
		return respond.success(rows);
	}),
};
