/** What Prometheus is told on the command line, here and in docker-compose.yml, beside its addresses and paths. docs/pipeline.md says why. */
export const prometheusFlags = [
	"--web.enable-otlp-receiver",
	"--enable-feature=created-timestamp-zero-ingestion,exemplar-storage",
	"--storage.tsdb.retention.time=15d",
	"--storage.tsdb.retention.size=4GB",
] as const;
