// Users: POST {"name", "email", "interests", "region"}, GET /<id>, DELETE /<id>; a GET without an id is a health check.
// Who gives no "email" is a guest.
import { corsHeaders } from "../_shared/cors.ts";
import { database, databaseAnswers, isSynthetic } from "../_shared/database.ts";
import {
	createHealthCheck,
	createLogger,
	createResponseHelper,
	withMonitoring,
} from "../_shared/monitoring/logger.ts";

const name = "user_management";
const logger = createLogger(name);
const respond = createResponseHelper(logger, corsHeaders);
const health = createHealthCheck(name, { database: databaseAnswers });

export default withMonitoring(name)(
	async (request: Request): Promise<Response> => {
		const [, , id = ""] = new URL(request.url).pathname.split("/");
		switch (request.method) {
			case "OPTIONS":
				return new Response(null, { status: 204, headers: corsHeaders });
			case "POST":
				return create(
					await request.json().catch(() => undefined),
					isSynthetic(request),
				);
			case "GET":
				return id === "" ? health() : withUser(id, () => read(id));
			case "DELETE":
				return withUser(id, () => remove(id, isSynthetic(request)));
			default:
				return respond.error("Use GET, POST or DELETE", 405);
		}
	},
);

async function create(asked: unknown, synthetic: boolean): Promise<Response> {
	const { name, email, interests, region } = Object(asked);
	const problems = [
		...(isText(name) ? [] : ["name is not a text"]),
		...(email === undefined || /^[^@\s]+@[^@\s]+$/.test(email)
			? []
			: ["email is not an address"]),
		...(Array.isArray(interests) && interests.every(isText)
			? []
			: ["interests is not a list of texts"]),
		...(isText(region) ? [] : ["region is not a text"]),
	];
	if (problems.length > 0) return respond.validationError(problems);
	const created = await logger.monitorDatabaseOperation("create_user", () =>
		database.query<{ id: string }>(
			`WITH created AS (
				INSERT INTO demo.users (name, email, interests, region) VALUES ($1, $2, $3, $4)
				ON CONFLICT (email) DO NOTHING RETURNING id
			), action AS (
				INSERT INTO demo.user_actions (action, synthetic) SELECT 'sign_up', $5 FROM created
			)
			SELECT id FROM created`,
			[name, email, interests, region, synthetic],
		),
	);
	const [user] = created.rows;
	if (!user) return respond.error("This e-mail address is taken", 409);
	logger.setUserContext(user.id);
	logger.recordUserAction("sign_up");
	return respond.success(user, 201);
}

function isText(value: unknown): value is string {
	return typeof value === "string" && value !== "" && value.length <= 200;
}

/** Does what is asked with a user's id. */
async function withUser(
	id: string,
	act: () => Promise<Response>,
): Promise<Response> {
	if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) {
		return respond.validationError(["the user's id is not a UUID"]);
	}
	logger.setUserContext(id);
	return act();
}

async function read(id: string): Promise<Response> {
	const { rows } = await logger.monitorDatabaseOperation("get_user", () =>
		database.query(
			"SELECT id, name, interests, region, created_at FROM demo.users WHERE id = $1",
			[id],
		),
	);
	const [user] = rows;
	return user ? respond.success(user) : unknown();
}

async function remove(id: string, synthetic: boolean): Promise<Response> {
	const { rowCount } = await logger.monitorDatabaseOperation(
		"delete_user",
		() =>
			database.query(
				`WITH deleted AS (DELETE FROM demo.users WHERE id = $1 RETURNING id)
				INSERT INTO demo.user_actions (action, synthetic)
				SELECT 'delete_account', $2 FROM deleted`,
				[id, synthetic],
			),
	);
	if (rowCount === 0) return unknown();
	logger.recordUserAction("delete_account");
	return new Response(null, { status: 204, headers: corsHeaders });
}

function unknown(): Response {
	return respond.error("There is no such user", 404);
}
