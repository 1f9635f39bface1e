import { expect, onTestFinished, test } from "vitest";
import { sendingTo } from "../support/instrumented-server.ts";
import { Watching } from "../support/integration.ts";
import { OtlpReceiver } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait-for.ts";

/** The times of the points of a metric, in the order in which they were sent. */
function timesOf(bodies: readonly string[], name: string): string[] {
	return bodies.flatMap((body) => {
		const [, points = ""] = body.split(`"name":"${name}"`);
		const [, time] = /"timeUnixNano":"(\d+)"/.exec(points) ?? [];
		return time === undefined ? [] : [time];
	});
}

test("limits and versions are sent with the present time each time, since Prometheus forgets what is older than five minutes", async () => {
	const receiver = new OtlpReceiver();
	const environment = sendingTo(await receiver.start());
	Object.assign(process.env, environment);
	const watching = new Watching();
	onTestFinished(async () => {
		await watching.remove();
		for (const name of Object.keys(environment)) delete process.env[name];
		await receiver.stop();
	});
	await watching.start({});
	for (const name of ["monitor_info", "alert_threshold"]) {
		const times = await waitFor(() => {
			const sent = timesOf(receiver.bodies, `adult_matching_${name}`);
			return sent.length > 2 && sent;
		});
		expect(new Set(times).size).toBe(times.length);
	}
});
