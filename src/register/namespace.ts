const standard = "adult_matching";

/** What metric names begin with, as `metric_namespace` of the monitor: `METRIC_NAMESPACE`, or `adult_matching`. */
export function metricNamespace(
	given: string | undefined,
	log: { warn(message: string): void },
): string {
	if (!given) return standard;
	if (/^[a-zA-Z][a-zA-Z0-9_]{0,63}$/.test(given)) return given;
	log.warn(
		`METRIC_NAMESPACE: "${given}" should be letters, digits and underscores that begin with a letter; ${standard} is taken`,
	);
	return standard;
}
