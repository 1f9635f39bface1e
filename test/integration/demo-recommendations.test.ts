import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestDemo, type TestDemo } from "../support/demo.ts";

const users = [1, 22, 333].map(
	(number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
);

let running: TestDemo;

beforeAll(async () => {
	running = await startTestDemo();
	await sync();
});
afterAll(() => running.stop());

interface Recommendation {
	readonly content_id: number;
	readonly score: number;
	readonly title: string;
}

async function recommend(user: string, limit = 50): Promise<Recommendation[]> {
	const { body } = await ask(user, limit);
	return body.data.recommendations;
}

async function ask(user: string, limit: unknown = 50) {
	const url = new URL(running.url("enhanced_recommendations"));
	url.search = `?user_id=${user}&limit=${limit}`;
	const response = await fetch(url);
	return { status: response.status, body: JSON.parse(await response.text()) };
}

async function sync(): Promise<void> {
	const url = new URL("/sync", running.url("data_sync"));
	expect((await fetch(url, { method: "POST" })).status).toBe(200);
}

/** All contents by their dot product with the user's embedding, the best first; computed from nothing but rows. */
async function bruteForce(user: string) {
	const { database } = running;
	const { rows: own } = await database.query<{ embedding: Buffer }>(
		"SELECT embedding FROM demo.user_embeddings WHERE user_id = $1",
		[user],
	);
	const ofUser = numbers(own[0]?.embedding);
	const { rows } = await database.query<{ id: number; embedding: Buffer }>(
		"SELECT content_id AS id, embedding FROM demo.content_embeddings",
	);
	return rows
		.map(({ id, embedding }) => {
			const products = numbers(embedding).map(
				(value, at) => value * (ofUser[at] ?? Number.NaN),
			);
			return { id, score: products.reduce((sum, one) => sum + one, 0) };
		})
		.sort((one, other) => other.score - one.score);
}

function numbers(bytes: Buffer = Buffer.alloc(0)): number[] {
	expect(bytes.length).toBe(768 * 4);
	return Array.from({ length: 768 }, (_, at) => bytes.readFloatLE(at * 4));
}

async function expectBruteForce(user: string): Promise<void> {
	const given = await recommend(user);
	const expected = (await bruteForce(user)).slice(0, 50);
	expect(given.map(({ content_id }) => content_id)).toEqual(
		expected.map(({ id }) => id),
	);
	for (const [at, { score }] of given.entries()) {
		expect(score).toBeCloseTo(expected[at]?.score ?? Number.NaN, 9);
	}
}

describe("recommendations", () => {
	test("are the contents with the greatest dot products, the greatest first", async () => {
		for (const user of users) await expectBruteForce(user);
	});

	test("differ from user to user", async () => {
		const rankings = await Promise.all(users.map((user) => recommend(user)));
		const heads = rankings.map((ranking) =>
			ranking.slice(0, 10).map(({ content_id }) => content_id),
		);
		expect(new Set(heads.map(String)).size).toBe(users.length);
	});

	test("come with the titles that Postgres has", async () => {
		const [user = ""] = users;
		const [first] = await recommend(user, 1);
		const { rows } = await running.database.query(
			"SELECT title FROM demo.contents WHERE id = $1",
			[first?.content_id],
		);
		expect(rows).toEqual([{ title: first?.title }]);
	});

	test("are kept: the second answer is the first one, and says so", async () => {
		const user = "00000000-0000-4000-8000-000000000999";
		const first = await ask(user);
		const second = await ask(user);
		expect(first.body.data.cached).toBe(false);
		expect(second.body.data).toEqual({ ...first.body.data, cached: true });
	});

	test("change when a sync has brought other contents, and no withdrawn content is among them", async () => {
		const [user = ""] = users;
		const before = await recommend(user);
		await running.database.query(
			"UPDATE demo.source SET began_at = began_at - interval '3 hours'",
		);
		await sync();
		const after = await recommend(user);
		expect(after).not.toEqual(before);
		const { rowCount } = await running.database.query(
			"SELECT FROM demo.contents WHERE id = ANY ($1)",
			[after.map(({ content_id }) => content_id)],
		);
		expect(rowCount).toBe(50);
		await expectBruteForce(user);
	});

	test("are the same whether the question is in the URL or in the body", async () => {
		const [user = ""] = users;
		const url = new URL(running.url("enhanced_recommendations"));
		url.search = "";
		const response = await fetch(url, {
			method: "POST",
			body: JSON.stringify({ user_id: user, limit: 3 }),
		});
		const { data } = JSON.parse(await response.text());
		expect(data.recommendations).toEqual(await recommend(user, 3));
	});

	test("may be asked for by browsers, with the trace that they are in", async () => {
		const response = await fetch(running.url("enhanced_recommendations"), {
			method: "OPTIONS",
		});
		expect(response.status).toBe(204);
		expect(response.headers.get("access-control-allow-origin")).toBe("*");
		expect(response.headers.get("access-control-allow-headers")).toContain(
			"traceparent, tracestate, baggage",
		);
	});

	test("have a health check, which tells of what they need", async () => {
		const url = new URL(running.url("enhanced_recommendations"));
		url.search = "";
		const response = await fetch(url);
		expect(JSON.parse(await response.text())).toMatchObject({
			status: "healthy",
			checks: {
				database: { status: "healthy" },
				inference: { status: "healthy" },
			},
		});
	});

	test("are refused where the question is wrong, and missing where the user is", async () => {
		expect(await ask("somebody")).toMatchObject({
			status: 400,
			body: { error: { details: ["user_id is not a UUID"] } },
		});
		expect(await ask(users[0] ?? "", 51)).toMatchObject({
			status: 400,
			body: {
				error: { details: ["limit is not a whole number from 1 to 50"] },
			},
		});
		expect(await ask("11111111-1111-4111-8111-111111111111")).toMatchObject({
			status: 404,
			body: { error: { message: "There is no such user" } },
		});
	});
});

describe("a new user", () => {
	const asked = {
		name: "New user",
		email: "new@example.com",
		interests: ["sea", "island"],
		region: "kyushu",
	};

	async function manage(path: string, init: RequestInit = {}) {
		const response = await fetch(running.url("user_management") + path, init);
		const text = await response.text();
		return {
			status: response.status,
			body: text === "" ? undefined : JSON.parse(text),
		};
	}
	const create = (question: unknown) =>
		manage("", { method: "POST", body: JSON.stringify(question) });

	test("is created, read, recommended to by their interests, and deleted", async () => {
		const created = await create(asked);
		expect(created.status).toBe(201);
		const { id } = created.body.data;
		expect((await manage(`/${id}`)).body.data).toMatchObject({
			id,
			name: "New user",
			interests: ["sea", "island"],
			region: "kyushu",
		});
		await expectBruteForce(id);
		expect((await manage(`/${id}`, { method: "DELETE" })).status).toBe(204);
		expect((await manage(`/${id}`)).status).toBe(404);
		expect((await ask(id)).status).toBe(404);
	});

	test("is a guest without an e-mail address, of whom there may be many", async () => {
		const { email, ...guest } = asked;
		const created = [await create(guest), await create(guest)];
		expect(created.map(({ status }) => status)).toEqual([201, 201]);
	});

	test("is refused where what is given is wrong, or the address is taken", async () => {
		const wrong = await create({ name: "", email: "nobody", interests: "sea" });
		expect(wrong).toMatchObject({
			status: 400,
			body: {
				error: {
					details: [
						"name is not a text",
						"email is not an address",
						"interests is not a list of texts",
						"region is not a text",
					],
				},
			},
		});
		const taken = { ...asked, email: "taken@example.com" };
		expect((await create(taken)).status).toBe(201);
		expect((await create(taken)).status).toBe(409);
	});
});

test("the feed has the newest contents, of one genre where it is asked for", async () => {
	const response = await fetch(
		`${running.url("content_feed")}?genre=mystery&limit=5`,
	);
	const { data } = JSON.parse(await response.text());
	const { rows } = await running.database.query<{ id: number }>(
		"SELECT id FROM demo.contents WHERE genre = 'mystery' ORDER BY synced_at DESC, id DESC LIMIT 5",
	);
	expect(data.map(({ id }: { id: number }) => id)).toEqual(
		rows.map(({ id }) => id),
	);
	expect(rows).toHaveLength(5);
});
