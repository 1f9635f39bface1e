import { isMainThread } from "node:worker_threads";
import { type RegisterLog, registerLog } from "./register/log.ts";
import { exporterNames } from "./telemetry/exporters.ts";

/** Instruments the process that it is loaded into: `node --import adult-matching-monitoring/register server.js`. */
async function register(log: RegisterLog): Promise<void> {
	if (process.env.OTEL_SDK_DISABLED?.trim().toLowerCase() === "true") {
		log.info("OTEL_SDK_DISABLED is true: this process is not instrumented");
		return;
	}
	if ([...exporterNames("traces"), ...exporterNames("metrics")].length === 0) {
		log.info(
			"OTEL_EXPORTER_OTLP_ENDPOINT is not set: this process is not instrumented, and its log has no trace ids",
		);
		return;
	}
	try {
		const { instrument } = await import("./register/instrument.ts");
		await instrument(log);
	} catch (error) {
		log.error(`this process is not instrumented in full: ${String(error)}`);
	}
}

// Worker threads, such as those of log transports, inherit the flag; a second SDK there would send the same series.
if (isMainThread) {
	await register(
		registerLog(process.env.LOG_LEVEL, (line) => process.stderr.write(line)),
	);
}
