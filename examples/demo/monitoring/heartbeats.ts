import type { ConfigInput } from "../../../src/config/schema/schema.ts";
import type { Intervals } from "../../backend/intervals.ts";

/** The jobs that run at intervals, by the names that they report under: one may fail to come, and the next not. */
export function heartbeats({
	sync,
	training,
	renewal,
}: Intervals): NonNullable<ConfigInput["heartbeats"]> {
	return {
		sync_job: { max_age: 2 * sync, depends_on: ["postgres", "data_sync"] },
		training_job: {
			max_age: 2 * training,
			depends_on: ["postgres", "ml_training"],
		},
		renewal_job: {
			max_age: 2 * renewal,
			depends_on: ["postgres", "model_inference"],
		},
	};
}
