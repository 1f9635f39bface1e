import { metrics, ProxyTracerProvider, trace } from "@opentelemetry/api";
import { Instruments } from "../metrics/instruments.ts";
import { version } from "../version.ts";
import { flushAtEnd } from "./flush.ts";
import { Guard } from "./guard.ts";
import { startInstrumentations } from "./instrumentations.ts";
import type { RegisterLog } from "./log.ts";
import { hookImports } from "./module-hooks.ts";
import { metricNamespace } from "./namespace.ts";
import { agents, apmsInFlags } from "./other-apms.ts";
import { hookPackage, type PackageHook } from "./package-hook.ts";
import { pino } from "./pino.ts";
import { express } from "./routes/express.ts";
import { watchFastify } from "./routes/fastify.ts";
import { hono } from "./routes/hono.ts";
import { startSdk } from "./sdk.ts";
import { findService } from "./service.ts";

/** What the app may load by `import`, and is patched then. */
const imported = [
	"http",
	"https",
	"pg",
	"pg-pool",
	"pino",
	"express",
	"hono",
	"hono/tiny",
	"hono/quick",
	...agents,
];

/** Instruments this process, unless another tracer has it already. */
export async function instrument(log: RegisterLog): Promise<void> {
	const others = otherTracers();
	if (others.length > 0) {
		log.warn(
			`${others.join(" and ")}: in this process already, and two of a kind patch the same modules; so register stays off. Start with one of them`,
		);
		return;
	}
	const guard = new Guard(log);
	const service = findService(process.argv[1], process.cwd());
	flushAtEnd(await startSdk(service, log));
	startInstrumentations(requestInstruments(log));
	const agentHooks = agents.map((name) => agentHook(name, log));
	for (const hook of [pino, express, hono, ...agentHooks]) {
		hookPackage(hook, guard);
	}
	watchFastify(guard);
	await hookImports(imported);
}

function otherTracers(): string[] {
	const inFlags = apmsInFlags(process.execArgv, process.env.NODE_OPTIONS ?? "");
	return hasTracerProvider() && inFlags.length === 0
		? ["another OpenTelemetry SDK"]
		: inFlags;
}

function hasTracerProvider(): boolean {
	const provider = trace.getTracerProvider();
	// Of another copy of the API, it was registered there.
	if (!(provider instanceof ProxyTracerProvider)) return true;
	return provider.getDelegateTracer("adult-matching-monitoring") !== undefined;
}

/** Tells of an agent that the app loads by itself; it is too late to leave the process to it. */
function agentHook(name: string, log: RegisterLog): PackageHook {
	return {
		name,
		versions: ["*"],
		patch(exports) {
			log.warn(
				`${name} is loaded by the app: it patches the same modules as register does; keep one of them`,
			);
			return exports;
		},
	};
}

function requestInstruments(log: RegisterLog): Instruments {
	const told = new Set<string>();
	return new Instruments(
		metrics.getMeter("adult-matching-monitoring", version),
		metricNamespace(process.env.METRIC_NAMESPACE, log),
		({ name }, label) => {
			const subject = `${name} ${label}`;
			if (told.has(subject)) return;
			told.add(subject);
			log.warn(
				`${name}: more values of ${label} than are kept apart; the rest is counted as "other"`,
			);
		},
	);
}
