import { describe, expect, it } from "vitest";
import {
	Instruments,
	safeLabels,
} from "../../../supabase/functions/_shared/monitoring/instruments.ts";

const instruments = new Instruments("app");

describe("an instrument of the user's own", () => {
	it.each([
		[
			"items_served",
			undefined,
			"app_edge_items_served_total",
			undefined,
			false,
		],
		[
			"items_served_total",
			"count",
			"app_edge_items_served_total",
			undefined,
			false,
		],
		["payload", "bytes", "app_edge_payload", "bytes", true],
		["wait_ms", "ms", "app_edge_wait_ms", undefined, true],
		["hit ratio!", "ratio", "app_edge_hit_ratio_", "ratio", true],
		["sent", "to ann@example.com", "app_edge_sent", "to ***", true],
		["of ann@example.com", undefined, "app_edge_of_total", undefined, false],
	])("%s in %s is %s", (name, unit, sent, sentUnit, isHistogram) => {
		const instrument = instruments.custom(name, unit);
		expect(instrument.name.replace(/_+total$/, "_total")).toBe(sent);
		expect(instrument.unit).toBe(sentUnit);
		expect(instrument.bounds !== undefined).toBe(isHistogram);
	});

	it("has labels that Prometheus takes, without what is private", () => {
		expect(
			safeLabels({
				"a-b": 1,
				ok: true,
				token: "t",
				user_id: "u",
				said: "mail ann@example.com",
				long: "x".repeat(200),
			}),
		).toEqual({
			a_b: "1",
			ok: "true",
			token: "***",
			user_id: "***",
			said: "mail ***",
			long: `${"x".repeat(100)}... (200 characters)`,
		});
	});
});
