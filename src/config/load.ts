import { ConfigError } from "./config-error.ts";
import { parseAddress } from "./database-address.ts";
import {
	type Environment,
	readSecret,
	reason,
	variables,
} from "./environment.ts";
import { type ConfigFile, configPath, readConfigFile } from "./file.ts";
import { type HostPaths, hostPathsFrom } from "./host-paths.ts";
import { overrideKeys, overridesFrom } from "./overrides.ts";
import { type Problem, schemaProblems, valueAt } from "./problems.ts";
import { expandReferences } from "./references.ts";
import { mistakenOrder } from "./rules.ts";
import { type Config, type ConfigInput, schema } from "./schema/schema.ts";
import { secretsInFile } from "./secrets-in-file.ts";
import { withSupabase } from "./supabase.ts";

/** All that the monitor is told: the configuration, and what only the environment gives. */
export interface Settings {
	readonly config: Config;
	/** The file that was read, if any. */
	readonly file?: string;
	readonly host: string;
	readonly token?: string | undefined;
	/** What jobs prove themselves with. */
	readonly heartbeatToken?: string | undefined;
	readonly databaseUrl?: string | undefined;
	/** Value of `deployment.environment.name`. */
	readonly deployment?: string;
	readonly hostPaths: HostPaths;
	/** Values that no output may hold. */
	readonly secrets: readonly string[];
}

export interface Sources {
	/** Configuration given in code; then no file is looked for. */
	readonly config?: ConfigInput;
	/** Path given on the command line. */
	readonly file?: string;
	/** Port given on the command line. */
	readonly port?: string;
	readonly environment: Environment;
}

/**
 * Reads file, environment and command line into settings.
 * @param rules finds what else is wrong with a configuration that is right in form
 * @throws ConfigError with every mistake, a line each
 */
export function loadSettings(
	sources: Sources,
	rules: (config: Config) => readonly Problem[] = () => [],
): Settings {
	const { environment } = sources;
	const written = readWritten(sources);
	const overrides = overridesFrom(environment, sources.port);
	const expanded = expandReferences(written.data, environment);
	const secrets = readSecrets(environment);
	const filled = withSupabase(expanded.data, {
		url: supabaseUrl(environment),
		anonKey: secrets.values.SUPABASE_ANON_KEY,
	});
	const layered = overrideKeys(filled.data, overrides);
	const parsed = schema.safeParse(layered);

	const place = ({ path, sentence }: Problem) => {
		const override = overrides.get(String(path[0]));
		if (override) return `${override.place}: ${sentence}`;
		const keys = path.length > 0 ? ` ${path.map(String).join(".")}` : "";
		return `${written.place(path)}${keys}: ${sentence}`;
	};
	const thresholds = Object(valueAt(layered, ["alert_thresholds"]));
	const misplaced = written.file ? secretsInFile(written.data) : [];
	const isMisplaced = ({ path }: Problem) =>
		misplaced.some((secret) => secret.path.join(".") === path.join("."));
	const problems = [
		...misplaced.map(({ path, advice }) => place({ path, sentence: advice })),
		...expanded.problems.map(place),
		...filled.problems.map(place),
		...schemaProblems(
			parsed.error?.issues ?? [],
			overrideKeys(written.data, overrides),
		)
			.filter((problem) => !isMisplaced(problem))
			.map(place),
		...mistakenOrder(usableThresholds(thresholds)).map(({ key, sentence }) =>
			place({ path: ["alert_thresholds", key], sentence }),
		),
		...(parsed.success ? rules(parsed.data).map(place) : []),
		...secrets.problems,
		...environmentProblems(parsed.data, environment, secrets.values),
	];
	if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);

	const {
		DATABASE_URL: databaseUrl,
		METRICS_TOKEN: token,
		HEARTBEAT_TOKEN: heartbeatToken,
	} = secrets.values;
	return {
		config: parsed.data,
		host: environment.METRICS_HOST || "127.0.0.1",
		hostPaths: hostPathsFrom(environment),
		secrets: [...Object.values(secrets.values), ...expanded.secrets],
		file: written.file,
		databaseUrl,
		token,
		heartbeatToken,
		deployment: environment.ENVIRONMENT || undefined,
	};
}

interface Written {
	readonly data: unknown;
	readonly place: ConfigFile["place"];
	readonly file?: string;
}

function readWritten({ config, file, environment }: Sources): Written {
	if (config !== undefined) return { data: config, place: () => "config" };
	const path = configPath(file || environment.MONITORING_CONFIG);
	if (path === undefined) return { data: {}, place: () => "config" };
	const read = readConfigFile(path);
	if (Array.isArray(read)) throw new ConfigError(read);
	return { data: read.data, place: read.place, file: read.path };
}

/** The thresholds as they would be: those that are written and numbers, and the defaults of the rest. */
function usableThresholds(written: object): Record<string, number> {
	const defaults: Record<string, number> =
		schema.shape.alert_thresholds.parse(undefined);
	const numbers = Object.entries(written).filter(
		(entry): entry is [string, number] => typeof entry[1] === "number",
	);
	return { ...defaults, ...Object.fromEntries(numbers) };
}

function supabaseUrl({ SUPABASE_URL: url }: Environment): string | undefined {
	return url?.trim().replace(/\/+$/, "") || undefined;
}

/** What only the environment can give, and is missing or wrong there. */
function environmentProblems(
	config: Config | undefined,
	environment: Environment,
	{ HEARTBEAT_TOKEN: token }: Readonly<Record<string, string>>,
): string[] {
	const problems: string[] = [];
	const url = supabaseUrl(environment);
	if (url !== undefined && !/^https?:\/\/[^/?#@]+$/.test(url)) {
		problems.push(
			"SUPABASE_URL: is not the project's address, such as https://abcd.supabase.co",
		);
	}
	if (config && Object.keys(config.heartbeats).length > 0 && !token) {
		problems.push(
			"HEARTBEAT_TOKEN: is not set, and heartbeats are configured; set it, or HEARTBEAT_TOKEN_FILE, to what the jobs send as their bearer token",
		);
	}
	return problems;
}

function readSecrets(environment: Environment) {
	const values: Record<string, string> = {};
	const problems: string[] = [];
	for (const variable of variables) {
		if (!("secret" in variable)) continue;
		const { value, problem } = readSecret(environment, variable.name);
		if (value !== undefined) values[variable.name] = value;
		if (problem !== undefined) problems.push(problem);
	}
	try {
		if (values.DATABASE_URL !== undefined) parseAddress(values.DATABASE_URL);
	} catch (error) {
		problems.push(`DATABASE_URL: ${reason(error)}`);
	}
	return { values, problems };
}
