import { ExportResultCode } from "@opentelemetry/core";
import { expect, test } from "vitest";
import {
	CollectorWatch,
	type Signal,
} from "../../../src/telemetry/collector-watch.ts";

/** A watch with an exporter for each signal, whose next outcomes the test decides. */
function watched() {
	const told: string[] = [];
	const watch = new CollectorWatch({
		away: (signal, reason) => told.push(`${signal} away: ${reason}`),
		back: () => told.push("back"),
		attempt: () => {},
	});
	let failure: Error | undefined;
	const send = (signal: Signal) => {
		const exporter = {
			export(
				_items: string,
				done: (result: { code: ExportResultCode; error?: Error }) => void,
			) {
				done(
					failure
						? { code: ExportResultCode.FAILED, error: failure }
						: { code: ExportResultCode.SUCCESS },
				);
			},
		};
		watch.observe(signal, exporter);
		exporter.export("items", () => {});
	};
	return {
		told,
		send,
		fail: (message: string) => {
			failure = new Error(message);
		},
		mend: () => {
			failure = undefined;
		},
	};
}

test("a collector that is away is told once, and once that it is back", () => {
	const { told, send, fail, mend } = watched();
	send("metrics");
	fail("ECONNREFUSED");
	for (let i = 0; i < 5; i++) send("metrics");
	send("traces");
	expect(told).toEqual(["metrics away: ECONNREFUSED"]);
	mend();
	send("traces");
	expect(told).toHaveLength(1);
	send("metrics");
	send("metrics");
	expect(told).toEqual(["metrics away: ECONNREFUSED", "back"]);
});

test("a collector that is there from the beginning is not told of", () => {
	const { told, send } = watched();
	send("metrics");
	expect(told).toEqual([]);
});
