// A function that is careless with all that its users send. What it logs, counts and traces must not hold it.
import {
	createLogger,
	createResponseHelper,
	withMonitoring,
} from "../../../supabase/functions/_shared/monitoring/logger.ts";
import { serve } from "./serve.ts";

const name = "login";
const backend = process.env.BACKEND ?? "";
/** Stands in what only the thrown error's message says: that is in a line, but in nothing that is sent. */
const inMessage = process.env.IN_MESSAGE ?? "";

async function careless(request: Request): Promise<Response> {
	const logger = createLogger(name);
	const url = new URL(request.url);
	const body = await request.text();
	const headers = Object.fromEntries(request.headers);
	const secret = url.searchParams.get("token") ?? "";
	const email = `${secret}@example.com`;
	const form = new FormData();
	form.set("password", secret);

	logger.setUserContext(headers["x-user"]);
	logger.info(`login of ${email} at ${request.url}`, {
		password: secret,
		api_key: secret,
		cookie: headers.cookie,
		email,
		query: url.search,
		search: Object.fromEntries(url.searchParams),
		body,
		url,
		request,
		headers,
		list: [...request.headers],
		map: new Map([["token", secret]]),
		form,
		deep: { user: { session: { id: secret } }, contact: [email] },
		json: JSON.stringify({ token: secret, password: secret }),
		said: `authorization: Bearer ${secret}; cookie: a=${secret}`,
		database: `postgres://admin:${secret}@db:5432/app?password=${secret}`,
		encoded: encodeURIComponent(email),
		fragment: `https://example.com/#access_token=${secret}&type=recovery`,
	});
	logger.warn("tagged", undefined, { token: secret, userAgent: secret });
	logger.metric("logins", 1, "count", { email, token: secret, via: email });
	logger.recordUserAction(`login of ${email}`, { password: secret });
	logger.startTimer(`login ${email}`)();

	try {
		JSON.parse(body);
	} catch (error) {
		logger.error("the body is wrong", error);
	}
	await logger
		.monitorDatabaseOperation(`find ${email}`, () => {
			throw new Error(
				`duplicate key value violates unique constraint. Key (email)=(${secret}) already exists. password: "${secret}"`,
			);
		})
		.catch((error) => logger.error("the query failed", error));
	await logger.monitorMLOperation(
		"score",
		async () => {
			const options = { headers: { authorization: `Bearer ${secret}` } };
			await fetch(`${backend}/${email}/x?apikey=${secret}#${secret}`, options);
			await fetch(`http://127.0.0.1:9/${email}?q=${secret}`).catch((error) =>
				logger.error("the backend is away", { error }),
			);
		},
		`v1 for ${email}`,
	);
	createResponseHelper(logger).validationError({ token: secret, email });
	if (url.pathname.endsWith("throw")) throw new Error(inMessage);
	return new Response(secret);
}

await serve(withMonitoring(name)(careless));
