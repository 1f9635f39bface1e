import { z } from "zod";
import { dataFlow, heartbeat } from "./data-flow.ts";
import { flow } from "./flow.ts";
import { measurement, recommender } from "./measurement.ts";
import { probe } from "./probe.ts";
import {
	mapping,
	milliseconds,
	named,
	number,
	pattern,
	percent,
	text,
	wholeNumber,
} from "./values.ts";

const thresholds = mapping({
	cpu_warning: percent()
		.default(85)
		.describe("CPU use, in %, above which the system is `warning`."),
	cpu_critical: percent()
		.default(90)
		.describe("CPU use, in %, above which the system is `critical`."),
	memory_warning: percent()
		.default(80)
		.describe("Memory use, in %, above which the system is `warning`."),
	memory_critical: percent()
		.default(95)
		.describe("Memory use, in %, above which the system is `critical`."),
	disk_warning: percent()
		.default(85)
		.describe("Use of any disk, in %, above which the system is `warning`."),
	disk_critical: percent()
		.default(95)
		.describe("Use of any disk, in %, above which the system is `critical`."),
	response_time_warning: milliseconds()
		.default(2000)
		.describe("API response time, in ms, above which it is a warning."),
	response_time_critical: milliseconds()
		.default(5000)
		.describe("API response time, in ms, above which it is critical."),
	error_rate_warning: percent()
		.default(5)
		.describe("Share of failed requests, in %, above which it is a warning."),
	error_rate_critical: percent()
		.default(10)
		.describe("Share of failed requests, in %, above which it is critical."),
	uptime_warning: percent()
		.default(95)
		.describe("Uptime of a component, in %, below which it is a warning."),
	uptime_critical: percent()
		.default(90)
		.describe("Uptime of a component, in %, below which it is critical."),
});

const history = mapping({
	path: text("a path of a file to keep the history in")
		.default("data/history.sqlite")
		.describe(
			"SQLite file of past states. The instance id is kept in the same folder.",
		),
	retention_days: number(0.01, 3650, "days")
		.default(30)
		.describe("Days after which a past state is removed."),
	max_size_mb: number(1, 100_000, "MB")
		.default(250)
		.describe("Size, in MB, beyond which the oldest states are removed."),
});

const logLevels = [
	"trace",
	"debug",
	"info",
	"warn",
	"error",
	"fatal",
	"silent",
] as const;

const upperCase = logLevels.map((level) => level.toUpperCase());
const logLevel = z.enum([...logLevels, ...upperCase], {
	error: `one of ${logLevels.join(", ")}, in upper or lower case`,
});

const namespaceError =
	"a prefix of letters, digits and underscores that begins with a letter";

/** Every key of the configuration, with its default, its range and its description. */
export const schema = mapping({
	collection_interval: number(0.1, 3600, "seconds")
		.default(15)
		.describe("Seconds between two collections of the system."),
	check_interval: number(0.1, 3600, "seconds")
		.default(30)
		.describe("Seconds between two probes of a component."),
	prometheus_port: wholeNumber(0, 65535, "a port; 0 takes any free one")
		.default(8000)
		.describe("Port of `/metrics`, `/health`, `/ready` and `/status`."),
	log_level: logLevel
		.default("info")
		.describe("Least severe level that is logged, upper or lower case.")
		.transform((level) => level.toLowerCase()),
	alert_thresholds: thresholds
		.prefault({})
		.describe("Limits of every signal; also exported, for alert rules."),
	failures_before_unhealthy: wholeNumber(1, 20, "checks")
		.default(2)
		.describe(
			"Checks in a row that must fail before a component is believed to be worse; each is followed by a quick one after 2 s.",
		),
	successes_before_healthy: wholeNumber(1, 20, "checks")
		.default(1)
		.describe(
			"Checks in a row that must succeed before a component is believed to be better.",
		),
	endpoints: named(probe, "URLs or probes")
		.default({})
		.describe(
			"Components by name. A URL with `/functions/` in its path is an edge function, any other a backend.",
		),
	ml_endpoints: named(probe, "URLs or probes")
		.default({})
		.describe(
			"ML components by name. The JSON answer's `model_loaded` and `memory_usage_percent` are judged.",
		),
	data_flow_checks: named(dataFlow, "maximum ages or freshness checks")
		.default({})
		.describe(
			"Data flows by name: a maximum age in seconds and where the age is read. With `after` they form a chain, of which only the first stale stage is unhealthy.",
		),
	flows: named(flow, "flows")
		.default({})
		.describe("End-to-end flows by name, each a list of steps."),
	heartbeats: named(heartbeat, "maximum ages")
		.default({})
		.describe(
			"Jobs that report by `POST /heartbeats/<name>`, with the seconds between two reports at most. Needs `HEARTBEAT_TOKEN`.",
		),
	measurements: named(measurement, "measurements")
		.default({})
		.describe(
			"Gauges without code: the name behind the namespace, and SQL or a URL with a JSONPath.",
		),
	recommender: recommender
		.prefault({})
		.describe("The health pack for recommenders."),
	processes: named(
		pattern("a regular expression of a command line"),
		"regular expressions of command lines",
	)
		.default({})
		.describe(
			"Processes to watch: a name, and a regular expression that finds their command lines.",
		),
	history: history.prefault({}).describe("Past states."),
	metric_namespace: text(namespaceError, 64)
		.regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, { error: namespaceError })
		.default("adult_matching")
		.describe("What every metric name begins with, before an underscore."),
});

/** What a user writes: every key may be left out. */
export type ConfigInput = z.input<typeof schema>;
/** What the monitor works with: every key has its value. */
export type Config = z.output<typeof schema>;
export type Thresholds = Config["alert_thresholds"];
