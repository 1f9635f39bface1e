import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestDemo, type TestDemo } from "../support/demo.ts";
import { sendingTo } from "../support/instrumented-server.ts";
import { OtlpReceiver, type ReceivedSpan } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait-for.ts";

const user = "00000000-0000-4000-8000-000000000777";
const caller = {
	traceId: "0af7651916cd43dd8448eb211c80319c",
	spanId: "b7ad6b7169203331",
};
const edge = "enhanced_two_tower_recommendations";
const [internal, server, client] = [1, 2, 3];

const receiver = new OtlpReceiver();
let running: TestDemo;

beforeAll(async () => {
	running = await startTestDemo(sendingTo(await receiver.start()));
	const sync = new URL("/sync", running.url("data_sync"));
	await fetch(sync, { method: "POST" });
});
afterAll(async () => {
	await running.stop();
	await receiver.stop();
});

describe("a request for recommendations", () => {
	let spans: ReceivedSpan[];
	const ofTrace = () =>
		receiver.spans.filter(({ traceId }) => traceId === caller.traceId);

	beforeAll(async () => {
		const url = new URL(running.url("enhanced_recommendations"));
		url.search = `?user_id=${user}&limit=5`;
		const response = await fetch(url, {
			headers: { traceparent: `00-${caller.traceId}-${caller.spanId}-01` },
		});
		expect(response.status).toBe(200);
		expect(response.headers.get("traceresponse")).toContain(caller.traceId);
		await waitFor(() => statementsIn(ofTrace()).length === 3);
		await waitFor(() => ofTrace().length >= 5 + 3);
		spans = ofTrace();
	});

	const spanOf = (service: string, kind: number | undefined, name: string) => {
		const found = spans.filter(
			(span) =>
				span.service === service && span.kind === kind && span.name === name,
		);
		expect(found).toHaveLength(1);
		return found[0];
	};

	test("is one trace from the edge function through the inference to its SQL statements, with the right parents", () => {
		const request = spanOf(edge, server, `GET ${edge}`);
		const model = spanOf(edge, internal, "generate_recommendations");
		const call = spanOf(edge, client, "POST");
		const inference = spanOf("inference", server, "POST /recommendations");
		const contents = spanOf(edge, client, "get_contents");
		expect(request?.parentSpanId).toBe(caller.spanId);
		expect(model?.parentSpanId).toBe(request?.spanId);
		expect(call?.parentSpanId).toBe(model?.spanId);
		expect(inference?.parentSpanId).toBe(call?.spanId);
		expect(contents?.parentSpanId).toBe(request?.spanId);
		for (const statement of statementsIn(spans)) {
			expect(statement.parentSpanId).toBe(inference?.spanId);
		}
		expect(spans).toHaveLength(5 + 3);
	});

	test("shows the statements with the places of their values, and no value", () => {
		const texts = statementsIn(spans).map(({ attributes }) =>
			String(attributes["db.query.text"]),
		);
		expect(texts).toEqual([
			expect.stringMatching(/^SELECT interests.*\sWHERE users\.id = \$1$/s),
			expect.stringMatching(/^INSERT INTO demo\.user_embeddings .*\$3/s),
			expect.stringMatching(/^INSERT INTO demo\.recommendation_cache .*\$4/s),
		]);
		expect(receiver.bodies.join()).not.toContain(user);
	});

	test("leaves its id in the log lines of both processes", () => {
		const written = running.lines
			.filter(({ trace_id }) => trace_id === caller.traceId)
			.map(({ context, message }) => `${context.functionName}: ${message}`);
		expect(written).toEqual([
			"inference: recommended",
			`${edge}: Request completed successfully`,
		]);
	});

	test("is counted and measured by both services under the contract's names", async () => {
		const point = (name: string) => receiver.points(name)[0];
		for (const name of [
			"adult_matching_recommendation_latency_seconds",
			"adult_matching_edge_requests_total",
			"adult_matching_edge_ml_generate_recommendations_duration_ms",
		]) {
			await waitFor(() => point(name));
		}
		expect(point("adult_matching_edge_requests_total")).toMatchObject({
			service: edge,
			value: 1,
		});
		expect(
			point("adult_matching_edge_ml_generate_recommendations_duration_ms"),
		).toMatchObject({ service: edge, value: 1 });
		expect(
			point("adult_matching_recommendation_latency_seconds"),
		).toMatchObject({ service: "inference", value: 1 });
	});
});

test("each run of a job is one trace, which its statements and its log line are in", async () => {
	const line = await waitFor(() =>
		running.lines.find(({ message }) => message === "sync done"),
	);
	const spans = await waitFor(() => {
		const found = receiver.spans.filter(
			({ traceId }) => traceId === line.trace_id,
		);
		return found.some(({ name }) => name === "sync") && found;
	});
	const run = spans.find(({ name }) => name === "sync");
	expect(run?.spanId).toBe(line.span_id);
	expect(statementsIn(spans).length).toBeGreaterThan(3);
	for (const { parentSpanId } of statementsIn(spans)) {
		expect(parentSpanId).toBe(run?.spanId);
	}
});

test("a training's accuracy and data quality arrive as they are in Postgres", async () => {
	const points = (name: string) =>
		waitFor(() => {
			const [point] = receiver.points(name);
			return point;
		});
	const accuracy = await points("adult_matching_ml_model_accuracy");
	const quality = await points("adult_matching_data_quality_score");
	const { rows } = await running.database.query(
		"SELECT accuracy, data_quality FROM demo.models ORDER BY version DESC LIMIT 1",
	);
	expect(rows).toEqual([
		{ accuracy: accuracy.value, data_quality: quality.value },
	]);
});

/** In the order in which they began. */
function statementsIn(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
	return spans.filter(({ attributes }) => "db.query.text" in attributes);
}
