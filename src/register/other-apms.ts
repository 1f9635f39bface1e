/** Agents with tracers of their own: they patch as soon as they are loaded, from wherever. */
export const agents = [
	"dd-trace",
	"newrelic",
	"elastic-apm-node",
	"@dynatrace/oneagent",
	"@instana/collector",
] as const;

/** Packages that bring their own OpenTelemetry, or a loader like ours, when a flag loads them. */
const otherOpenTelemetry = [
	"@appsignal/nodejs",
	"@azure/monitor-opentelemetry",
	"@honeycombio/opentelemetry-node",
	"@opentelemetry/auto-instrumentations-node",
	"@opentelemetry/instrumentation",
	"@sentry/node",
	"@splunk/otel",
	"applicationinsights",
	"import-in-the-middle",
] as const;

/**
 * The APMs that a process is started with.
 * @param execArgv the flags of this process: `--require dd-trace/init`
 * @param nodeOptions the content of `NODE_OPTIONS`
 */
export function apmsInFlags(
	execArgv: readonly string[],
	nodeOptions: string,
): string[] {
	const values = [...execArgv, ...nodeOptions.split(/\s+/)].map(asPath);
	return [...agents, ...otherOpenTelemetry].filter((name) =>
		values.some((value) => value.includes(`/${name}/`)),
	);
}

/** `--require="C:\\x\\dd-trace"` as `/--require/C:/x/dd-trace/`: what is between slashes is a whole name. */
function asPath(value: string): string {
	return `/${value.replaceAll(/["']/g, "").replaceAll(/[\\=]/g, "/")}/`;
}
