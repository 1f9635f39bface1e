import type { Attributes } from "./otlp.ts";

export const levels = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof levels)[number];

/** All that the environment tells the library. */
export interface Settings {
	/** Least severe level that is written. */
	readonly level: Level;
	readonly namespace: string;
	/** Where OTLP goes, without a slash at its end; nothing is sent without it. */
	readonly endpoint: string | undefined;
	readonly headers: Headers;
	readonly sendLogs: boolean;
	/** Hosts, of our own, that outgoing requests carry the trace to. */
	readonly traceHosts: readonly string[];
	/** Given, it opts in to a user's hash on spans. */
	readonly userIdSalt: string | undefined;
	/** `OTEL_SERVICE_NAME`: else each function is a service. */
	readonly serviceName: string | undefined;
	/** Resource attributes that the environment gives. */
	readonly resource: Attributes;
}

type Read = (name: string) => string | undefined;
/** Told of a variable that is wrong, and of what would be right; not of its value. */
type Warn = (name: string, right: string) => void;

export function readSettings(read: Read, warn: Warn): Settings {
	return {
		level: readLevel(read("LOG_LEVEL"), warn),
		namespace: readNamespace(read("METRIC_NAMESPACE"), warn),
		endpoint: readEndpoint(read("OTEL_EXPORTER_OTLP_ENDPOINT"), warn),
		headers: readHeaders(read("OTEL_EXPORTER_OTLP_HEADERS"), warn),
		sendLogs: read("OTEL_LOGS_EXPORTER") === "otlp",
		traceHosts: [read("SUPABASE_URL"), read("MONITORING_TRACE_HOSTS")]
			.flatMap((list) => list?.split(",") ?? [])
			.map((host) => hostOf(host.trim()))
			.filter(Boolean),
		userIdSalt: read("MONITORING_USER_ID_SALT"),
		serviceName: read("OTEL_SERVICE_NAME"),
		resource: {
			"deployment.environment.name": read("ENVIRONMENT"),
			"cloud.region": read("SB_REGION"),
			"faas.instance": read("SB_EXECUTION_ID"),
			"faas.version": read("DENO_DEPLOYMENT_ID"),
			...pairs(read("OTEL_RESOURCE_ATTRIBUTES")),
		},
	};
}

function readLevel(text: string | undefined, warn: Warn): Level {
	const level = levels.find((each) => each === text?.toLowerCase());
	if (text && !level) warn("LOG_LEVEL", levels.join(", "));
	return level ?? "info";
}

function readNamespace(text: string | undefined, warn: Warn): string {
	if (text && /^[a-zA-Z_]\w*$/.test(text)) return text;
	if (text) warn("METRIC_NAMESPACE", "letters, digits, _");
	return "adult_matching";
}

function readEndpoint(text: string | undefined, warn: Warn) {
	const url = URL.parse(text ?? "");
	const right = url && /^https?:$/.test(url.protocol) && !url.password;
	if (right) return text?.replace(/\/+$/, "");
	if (text) {
		warn("OTEL_EXPORTER_OTLP_ENDPOINT", "a URL without a password");
	}
	return undefined;
}

function readHeaders(text: string | undefined, warn: Warn): Headers {
	const headers = new Headers({
		"content-type": "application/json",
		"content-encoding": "gzip",
	});
	for (const [name, value] of Object.entries(pairs(text))) {
		try {
			headers.set(name, value);
		} catch {
			warn("OTEL_EXPORTER_OTLP_HEADERS", "name=value");
		}
	}
	return headers;
}

/** `key=value,key=value`, percent-encoded, as OpenTelemetry writes lists in variables. */
function pairs(text = ""): Record<string, string> {
	const query = text
		.trim()
		.replace(/[&+]/g, encodeURIComponent)
		.replace(/\s*,\s*/g, "&");
	return Object.fromEntries(new URLSearchParams(query));
}

/** `https://api.example.com/v1` and `api.example.com` are the same host. */
function hostOf(text: string): string {
	const url = /^https?:/.test(text) && URL.parse(text);
	return url ? url.host : text.toLowerCase();
}
