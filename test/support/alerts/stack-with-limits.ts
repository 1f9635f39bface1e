import { afterAll, beforeAll } from "vitest";
import { Watching } from "../integration.ts";
import { AlertingStack, isAlertingMissing } from "./alerting-stack.ts";

/** Registers the stack for a file of tests, and a monitor that sends it the limits of the configuration. */
export function stackWithLimits(): () => AlertingStack {
	let alerting: AlertingStack;
	const watching = new Watching();
	beforeAll(async () => {
		if (isAlertingMissing) return;
		alerting = await AlertingStack.start();
		await watching.start({ check_interval: 1 });
	}, 120_000);
	afterAll(async () => {
		if (isAlertingMissing) return;
		await watching.remove();
		await alerting?.end();
	});
	return () => alerting;
}
