import { z } from "zod";

/** What the stand-in for Grafana read, as Grafana would. */
export const grafanaFacts = z.object({
	anonymous: z.string(),
	role: z.string(),
	passwordLength: z.number(),
	secretLength: z.number(),
	dataSources: z.number(),
	dashboards: z.array(z.string()),
	/** The uid of the dashboard that it begins with. */
	home: z.string(),
});

/** What a run of the whole stack found. */
export const report = z.object({
	/** Each service's state, such as `running (healthy)` or `exited (0)`. */
	services: z.record(z.string(), z.string()),
	/** The same once COMPOSE_FILE leaves the demo out. */
	withoutDemo: z.record(z.string(), z.string()),
	/** Seconds from `docker compose up`, with all images there. */
	secondsTo: z.object({
		metrics: z.number(),
		trace: z.number(),
		edgeMetrics: z.number(),
		healthy: z.number(),
	}),
	/** Bytes that each container's processes take, page cache left out. */
	memory: z.record(z.string(), z.number()),
	/** Services in which the memory limit had processes killed, and how many. */
	memoryKills: z.record(z.string(), z.number()),
	/** Names of the metrics in Prometheus. */
	metrics: z.array(z.string()),
	/** Scrape job → whether it is up. */
	targets: z.record(z.string(), z.string()),
	/** Services that have a span in the trace of one request. */
	traceServices: z.array(z.string()),
	/** Components that the monitor does not find healthy, with the reason. */
	unwell: z.array(z.string()),
	/** Status of OTLP without and with the edge token, at the edges' port. */
	edgeStatus: z.object({ without: z.number(), with: z.number() }),
	/** The addresses that ports are bound to. */
	boundTo: z.array(z.string()),
	grafana: grafanaFacts,
	/** What `setup` said. */
	setup: z.string(),
	/** The receiver that Alertmanager sends to. */
	alertReceiver: z.string(),
	/** Mount points that the monitor sees of the host. */
	mountPoints: z.array(z.string()),
});

export type Report = z.output<typeof report>;
