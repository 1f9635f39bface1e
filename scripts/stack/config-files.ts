import { existsSync, readFileSync, writeFileSync } from "node:fs";
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

/** A copy of alertmanager.yml in which nothing but paths differ, and where it sends to; `undefined` if there is none. */
export function writeAlertmanagerConfig(folder: string): string | undefined {
	if (!existsSync(alertmanagerConfig)) return undefined;
	const url = process.env.ALERT_WEBHOOK_URL ?? "";
	writeFileSync(join(folder, "webhook-url"), url, { mode: 0o600 });
	return writeCopy(alertmanagerConfig, join(folder, "alertmanager.yml"), {
		"/run/alertmanager": folder,
		"/etc/alertmanager": join(root, "alertmanager"),
		// As `setup` in docker-compose.yml does: without an address, alerts are kept and shown.
		...(url === "" && { "receiver: slack": "receiver: kept" }),
	});
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
