import type { Config } from "../config/schema/schema.ts";
import { integrationMetrics } from "../metrics/integration.ts";
import type { Running, Runtime } from "../runtime.ts";
import type { JobReport } from "../server/job-report.ts";
import { masker } from "../telemetry/mask.ts";
import { createChecks } from "./checks/all.ts";
import { knownBefore } from "./known.ts";
import { Measuring } from "./measuring.ts";
import { openResources } from "./resources.ts";
import { Uptime } from "./uptime.ts";
import { Watch } from "./watch.ts";
import { Watched } from "./watched.ts";

/** All that is watched by one configuration, ready to start. */
export interface Assembly {
	readonly watch: Watch;
	takeReport(name: string, report: JobReport): boolean;
	/** To be called once the watch has stopped. */
	close(): Promise<void>;
}

/** Makes of a configuration what watches it. */
export function assemble(
	config: Config,
	{ settings, log }: Runtime,
	running: Running,
): Assembly {
	const { history, instruments } = running;
	const now = Date.now();
	const mask = masker(settings.secrets);
	const resources = openResources(config, settings, history, mask);
	const checks = createChecks(config, resources, mask);
	const known = knownBefore(checks, history, now);
	const measuring = new Measuring(config, resources, running, log);
	const watch = new Watch({
		components: checks.map(
			(check) => new Watched(check, known.get(`${check.group}/${check.name}`)),
		),
		otherTasks: measuring.tasks,
		uptime: new Uptime(history, now),
		running,
		log,
		onResult: (name, result) => measuring.takeProbe(name, result),
	});
	return {
		watch,
		takeReport(name, report) {
			if (!resources.heartbeats.report(name, report, Date.now())) return false;
			const labels = { heartbeat: name, state: report.state };
			instruments.count(integrationMetrics.heartbeats, labels);
			void watch.checkNow(name);
			return true;
		},
		close: async () => {
			measuring.close();
			await resources.close();
		},
	};
}
