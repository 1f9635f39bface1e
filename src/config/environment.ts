import { readFileSync } from "node:fs";

export interface Variable {
	readonly name: string;
	readonly description: string;
	/** The configuration key that it overrides. */
	readonly overrides?:
		| "prometheus_port"
		| "log_level"
		| "collection_interval"
		| "metric_namespace";
	/** Its value is never shown; `<name>_FILE` may name a file that holds it. */
	readonly secret?: true;
}

/** Every environment variable that the monitor reads itself, beside the standard `OTEL_*` ones. */
export const variables = [
	{
		name: "MONITORING_CONFIG",
		description: "Path of the configuration file.",
	},
	{
		name: "PROMETHEUS_PORT",
		overrides: "prometheus_port",
		description: "Overrides `prometheus_port`.",
	},
	{
		name: "LOG_LEVEL",
		overrides: "log_level",
		description: "Overrides `log_level`.",
	},
	{
		name: "MONITORING_INTERVAL",
		overrides: "collection_interval",
		description: "Overrides `collection_interval`.",
	},
	{
		name: "METRIC_NAMESPACE",
		overrides: "metric_namespace",
		description:
			"Overrides `metric_namespace`; a backend under `register` takes it too.",
	},
	{
		name: "METRICS_HOST",
		description:
			"Address that the server binds to; 127.0.0.1 unless it is given.",
	},
	{
		name: "METRICS_TOKEN",
		secret: true,
		description:
			"Bearer token that every path but `/health` then asks for. None unless it is given.",
	},
	{
		name: "DATABASE_URL",
		secret: true,
		description:
			"The Postgres to monitor, as `postgres://user:password@host:port/database?sslmode=…`.",
	},
	{
		name: "SUPABASE_URL",
		description:
			"The Supabase project, as `https://<ref>.supabase.co`: what a path under `/functions/` is part of.",
	},
	{
		name: "SUPABASE_ANON_KEY",
		secret: true,
		description:
			"Key that probes and flows send to `SUPABASE_URL`, unless they set `apikey` or `authorization` themselves.",
	},
	{
		name: "HEARTBEAT_TOKEN",
		secret: true,
		description:
			"Bearer token that jobs send with `POST /heartbeats/<name>`; needed where `heartbeats` are configured.",
	},
	{
		name: "ENVIRONMENT",
		description:
			"The deployment, such as `production`; the resource attribute `deployment.environment.name`.",
	},
	{
		name: "HOST_PROC",
		description: "The host's `/proc`, where it is mounted into a container.",
	},
	{
		name: "HOST_SYS",
		description: "The host's `/sys`, where it is mounted into a container.",
	},
	{
		name: "HOST_ROOT",
		description:
			"The host's `/`, where it is mounted into a container: its disks are read there, and its name in `etc/hostname`.",
	},
] as const satisfies readonly Variable[];

export type Environment = Readonly<Record<string, string | undefined>>;

/** A secret's value, or why it can't be had. Neither has the value in a message. */
export type Secret = { value?: string; problem?: string };

/** Reads `<name>`, or the file that `<name>_FILE` names, without the line end that editors add. */
export function readSecret(environment: Environment, name: string): Secret {
	const value = environment[name];
	const path = environment[`${name}_FILE`];
	if (value && path) {
		return {
			problem: `${name}: is set, and ${name}_FILE as well; set one of the two`,
		};
	}
	if (!path) return value ? { value } : {};
	try {
		const content = readFileSync(path, "utf8").trimEnd();
		if (content !== "") return { value: content };
		return {
			problem: `${name}_FILE: ${path} is empty; it should hold ${name}`,
		};
	} catch (error) {
		return {
			problem: `${name}_FILE: ${path} cannot be read (${reason(error)})`,
		};
	}
}

/** The short reason of a failed system call: `ENOENT`, or the message where there is no code. */
export function reason(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return "code" in error && typeof error.code === "string"
		? error.code
		: error.message;
}
