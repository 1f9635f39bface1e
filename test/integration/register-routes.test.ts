import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	fixture,
	InstrumentedServer,
	sendingTo,
} from "../support/instrumented-server.ts";
import { OtlpReceiver } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait-for.ts";

interface Case {
	readonly path: string;
	readonly status: number;
	/** As the framework writes it; the endpoint is "unmatched" without one. */
	readonly route?: string;
}

const everywhere: Case[] = [
	{ path: "/users/7?page=1", status: 200, route: "/users/:id" },
	{
		path: "/tenants/acme/orders/9",
		status: 200,
		route: "/tenants/:tenant/orders/:order",
	},
	{
		path: "/tenants/acme/broken/9",
		status: 500,
		route: "/tenants/:tenant/broken/:order",
	},
	{ path: "/nothing/of/this/kind/4711", status: 404 },
];
const inExpress: Case[] = [
	...everywhere,
	{ path: "/api/items/3", status: 200, route: "/api/items/:id" },
	{ path: "/mounted/things/4", status: 200, route: "/mounted/things/:thing" },
	{ path: "/admin/reports/5", status: 401 },
];
const inHono: Case[] = [
	...everywhere,
	{ path: "/admin/reports/5", status: 401, route: "/admin/reports/:id" },
	{ path: "/admin/nothing/5", status: 401 },
	{ path: "/anything/at/all", status: 200, route: "/anything/*" },
];
const inFastify: Case[] = [
	...everywhere,
	{ path: "/admin/reports/5", status: 401, route: "/admin/reports/:id" },
];

describe.each([
	["express.mjs", inExpress],
	["express.cjs", inExpress],
	["hono.mjs", inHono],
	["hono-tiny.mjs", inHono],
	["hono.cjs", inHono],
	["fastify.mjs", inFastify],
	["fastify.cjs", inFastify],
])("%s", (file, cases) => {
	const receiver = new OtlpReceiver();
	let server: InstrumentedServer;

	beforeAll(async () => {
		server = new InstrumentedServer(
			fixture(file),
			sendingTo(await receiver.start()),
		);
		for (const { path, status } of cases) {
			expect(await server.get(path), path).toHaveProperty("status", status);
		}
		await server.get("/health");
		await waitFor(() => counted(receiver) === cases.length);
		await waitFor(() => receiver.spans.length >= cases.length);
	});
	afterAll(async () => {
		await server.kill();
		await receiver.stop();
	});

	test("counts each request under its route's template", () => {
		const expected = cases.map(({ status, route }) => ({
			method: "GET",
			endpoint: route ?? "unmatched",
			status: String(status),
		}));
		const labels = receiver
			.points("adult_matching_requests_total")
			.map(({ attributes }) => attributes);
		expect(labels).toHaveLength(
			new Set(expected.map((e) => JSON.stringify(e))).size,
		);
		expect(labels).toEqual(expect.arrayContaining(expected));
	});

	test("names each span after its route, and none after a raw path", () => {
		const found = receiver.spans.map(({ name, attributes }) => ({
			name,
			route: attributes["http.route"],
			status: attributes["http.response.status_code"],
		}));
		for (const { route, status } of cases) {
			const name = route ? `GET ${route}` : "GET";
			expect(found).toContainEqual({ name, route, status });
		}
		expect(found).toHaveLength(cases.length);
	});

	test("says nothing", () => {
		expect(server.stderrBesidesCollector()).toBe("");
	});
});

function counted(receiver: OtlpReceiver): number {
	return receiver
		.points("adult_matching_requests_total")
		.reduce((sum, { value }) => sum + value, 0);
}
