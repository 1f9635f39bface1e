import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const collectorConfig = join(root, "otel-collector/config.yaml");
export const prometheusConfig = join(root, "prometheus/prometheus.yml");
export const alertmanagerConfig = join(root, "alertmanager/alertmanager.yml");

export interface Addresses {
	readonly collectorMetrics: string;
	readonly prometheus: string;
	readonly alertmanager: string;
	/** The sink, which stands in for Tempo and Grafana. */
	readonly sink: string;
}

/** A copy of prometheus.yml in which nothing but addresses and the rules' folder differ. Gives its path. */
export function writePrometheusConfig(
	folder: string,
	addresses: Addresses,
): string {
	return writeCopy(prometheusConfig, join(folder, "prometheus.yml"), {
		"localhost:9090": addresses.prometheus,
		"otel-collector:8888": addresses.collectorMetrics,
		"tempo:3200": addresses.sink,
		"grafana:3000": addresses.sink,
		"alertmanager:9093": addresses.alertmanager,
		"/etc/prometheus/rules": join(root, "prometheus/rules"),
	});
}

/**
 * A copy of alertmanager.yml in which nothing but paths and the receiver differ, and what it reads beside: where it sends to,
 * and words. Gives its path; `undefined` if there is none.
 * @throws Error if ALERT_LANGUAGE is not known
 */
export function writeAlertmanagerConfig(
	folder: string,
	settings: NodeJS.ProcessEnv = process.env,
): string | undefined {
	if (!existsSync(alertmanagerConfig)) return undefined;
	const { ALERT_WEBHOOK_URL = "", ALERT_GENERIC_WEBHOOK_URL = "" } = settings;
	writeSecret(join(folder, "webhook-url"), ALERT_WEBHOOK_URL);
	writeSecret(join(folder, "generic-webhook-url"), ALERT_GENERIC_WEBHOOK_URL);
	writeFileSync(
		join(folder, "language.tmpl"),
		wordsOf(settings.ALERT_LANGUAGE || "en"),
	);
	const ways = [
		...(ALERT_WEBHOOK_URL === "" ? [] : ["slack"]),
		...(ALERT_GENERIC_WEBHOOK_URL === "" ? [] : ["webhook"]),
	];
	return writeCopy(alertmanagerConfig, join(folder, "alertmanager.yml"), {
		"/run/alertmanager": folder,
		"/etc/alertmanager": join(root, "alertmanager"),
		// As `setup` in docker-compose.yml does: without an address, alerts are kept and shown.
		"receiver: slack\n": `receiver: ${ways.join("-and-") || "kept"}\n`,
	});
}

/** The words that take the place of the English ones. */
function wordsOf(language: string): string {
	if (language === "en") return "";
	const languages = join(root, "alertmanager/languages");
	const file = `${language}.tmpl`;
	const known = readdirSync(languages);
	if (known.includes(file)) return readFileSync(join(languages, file), "utf8");
	const all = ["en", ...known.map((name) => name.replace(/\.tmpl$/, ""))];
	throw new Error(
		`ALERT_LANGUAGE is "${language}", and has to be one of: ${all.join(", ")}`,
	);
}

function writeSecret(path: string, value: string): void {
	writeFileSync(path, value, { mode: 0o600 });
}

function writeCopy(
	from: string,
	to: string,
	replacements: Readonly<Record<string, string>>,
): string {
	const text = Object.entries(replacements).reduce(
		(all, [search, replacement]) => all.replaceAll(search, replacement),
		readFileSync(from, "utf8"),
	);
	writeFileSync(to, text);
	return to;
}
