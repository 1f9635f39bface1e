import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeltaMetrics } from "../../../supabase/functions/_shared/monitoring/metrics.ts";
import { Outbox } from "../../../supabase/functions/_shared/monitoring/outbox.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const dropped = { name: "dropped" };

function outbox() {
	const metrics = new DeltaMetrics(Date.now());
	const bodies: string[] = [];
	const box = new Outbox(metrics, {
		send: async (_, body) => {
			bodies.push(body);
			return { rejected: 0 };
		},
		resource: () => ({}),
		onChange: () => {},
		dropped,
	});
	/** A request leaves a span of so many bytes behind. */
	const leave = (bytes = 10) => {
		const json = JSON.stringify("x".repeat(bytes - 2));
		box.add({ signal: "traces", functionName: "f", json });
		void box.flushSoon();
	};
	return { box, bodies, leave };
}

describe("what requests leave behind", () => {
	it("is sent a fifth of a second later, together", async () => {
		const { bodies, leave } = outbox();
		leave();
		await vi.advanceTimersByTimeAsync(100);
		leave();
		await vi.advanceTimersByTimeAsync(99);
		expect(bodies).toHaveLength(0);
		await vi.advanceTimersByTimeAsync(1);
		expect(bodies).toHaveLength(1);
	});

	it("is sent once a second while they keep coming", async () => {
		const { bodies, leave } = outbox();
		for (let each = 0; each < 100; each++) {
			leave();
			await vi.advanceTimersByTimeAsync(100);
		}
		expect(bodies.length).toBeGreaterThanOrEqual(9);
		expect(bodies.length).toBeLessThanOrEqual(11);
	});

	it("is sent sooner where it is much, so that nothing has to go for want of room", async () => {
		const { bodies, leave } = outbox();
		const made = 100;
		for (let each = 0; each < made; each++) {
			leave(100_000);
			await vi.advanceTimersByTimeAsync(20);
		}
		await vi.advanceTimersByTimeAsync(1000);
		const arrived = bodies.join("").split("x".repeat(99_998)).length - 1;
		expect(arrived).toBe(made);
	});

	it("is sent at once where the isolate has to end", async () => {
		const { box, bodies, leave } = outbox();
		leave();
		await vi.advanceTimersByTimeAsync(200);
		leave();
		await box.flushNow();
		expect(bodies).toHaveLength(2);
	});
});
