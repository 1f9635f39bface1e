import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	fixture,
	InstrumentedServer,
	sendingTo,
} from "../support/instrumented-server.ts";
import { OtlpReceiver } from "../support/otlp-receiver.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { waitFor } from "../support/wait-for.ts";

/** A word for each place that a user's value can be in; none may leave the process. */
const canaries = {
	query: "canary-query",
	cookie: "canary-cookie",
	authorization: "canary-authorization",
	userAgent: "canary-agent",
	body: "canary-body",
	address: "203.0.113.77",
};

const request: RequestInit = {
	method: "POST",
	body: canaries.body,
	headers: {
		authorization: `Bearer ${canaries.authorization}`,
		cookie: `session=${canaries.cookie}`,
		"user-agent": canaries.userAgent,
		"x-forwarded-for": canaries.address,
	},
};

/** Attributes that OpenTelemetry's instrumentation writes by default. */
const personal = [
	"client.address",
	"network.peer.address",
	"network.peer.port",
	"url.query",
	"user_agent.original",
];

let postgres: PostgresServer;

beforeAll(async () => {
	postgres = await startPostgres();
});
afterAll(() => postgres.stop());

describe.each(["http/json", "http/protobuf"])("by %s", (protocol) => {
	const receiver = new OtlpReceiver();
	const servers: InstrumentedServer[] = [];

	beforeAll(async () => {
		const sending = {
			...sendingTo(await receiver.start()),
			OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
		};
		const backend = new InstrumentedServer(fixture("backend.cjs"), {
			...sending,
			DATABASE_URL: postgres.url(),
		});
		servers.push(backend);
		const gateway = new InstrumentedServer(fixture("gateway.mjs"), {
			...sending,
			BACKEND_URL: await backend.url(),
		});
		servers.push(gateway);
		const query = `token=${canaries.query}&q=${canaries.query}`;
		for (const path of ["/", "/by-request", "/failing"]) {
			await gateway.get(`${path}?${query}`, request);
		}
		await waitFor(() => receiver.bodies.join().includes("pg.query:SELECT"));
		await waitFor(() =>
			receiver.bodies.join().includes("PostgreSQL error of type"),
		);
		for (const server of servers) await server.end("SIGTERM");
	});
	afterAll(async () => {
		for (const server of servers) await server.kill();
		await receiver.stop();
	});

	test("nothing that a user sent reaches the collector", () => {
		const sent = receiver.bodies.join("\n");
		expect(sent).toContain("adult_matching_requests_total");
		expect(sent).toContain("http.client.request.duration");
		const found = Object.entries(canaries).filter(([, canary]) =>
			sent.includes(canary),
		);
		expect(found).toEqual([]);
	});

	test("nor do the attributes that would hold it", () => {
		const sent = receiver.bodies.join("\n");
		expect(sent).toContain("url.full");
		expect(personal.filter((name) => sent.includes(name))).toEqual([]);
	});

	test("nor does it come into our own lines", () => {
		const told = servers.map(({ stderr }) => stderr).join("\n");
		expect(
			Object.values(canaries).filter((canary) => told.includes(canary)),
		).toEqual([]);
	});
});

describe("what is left", () => {
	const receiver = new OtlpReceiver();
	let backend: InstrumentedServer;

	beforeAll(async () => {
		backend = new InstrumentedServer(fixture("backend.mjs"), {
			...sendingTo(await receiver.start()),
			DATABASE_URL: postgres.url(),
		});
		await backend.get("/failing", request);
		await waitFor(() => receiver.spans.length >= 3);
		await waitFor(
			() => receiver.points("db.client.operation.duration").length > 0,
		);
	});
	afterAll(async () => {
		await backend.kill();
		await receiver.stop();
	});

	test("tells the statement, its operation and the error's type", () => {
		expect(receiver.spans).toContainEqual(
			expect.objectContaining({
				name: "pg.query:SELECT postgres",
				status: 2,
				attributes: expect.objectContaining({
					"db.query.text": "SELECT\n\tlength(?), ?::int",
				}),
			}),
		);
		expect(receiver.bodies.join()).toContain(
			"PostgreSQL error of type 'error' occurred (code: 22P02)",
		);
		const operations = receiver
			.points("db.client.operation.duration")
			.map(({ attributes }) => attributes["db.operation.name"]);
		expect(new Set(operations)).toEqual(new Set(["SELECT"]));
	});

	test("tells the server's error by its type, and the route that it was in", () => {
		expect(receiver.spans).toContainEqual(
			expect.objectContaining({
				name: "POST /failing",
				status: 2,
				attributes: expect.objectContaining({
					"http.route": "/failing",
					"http.response.status_code": 500,
				}),
			}),
		);
	});
});
