import type { Running } from "../runtime.ts";
import type { Sample } from "./check.ts";

/** Records a value where its metric takes it: a counter adds it up. */
export function recordSample(
	instruments: Running["instruments"],
	{ metric, value, labels }: Sample,
): void {
	if (metric.kind === "counter") instruments.count(metric, labels, value);
	else instruments.record(metric, value, labels);
}
