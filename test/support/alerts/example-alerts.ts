import { alerts } from "../../unit/alerts/alert-files.ts";
import type { TestAlert } from "./alertmanager.ts";

export const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

/**
 * What Prometheus would send of a rule: its own words, with these labels, value and limit in them. It begins now: of what began
 * before, Alertmanager tells the first one without waiting for others of its group.
 */
export function exampleAlert(
	name: string,
	severity: string,
	labels: Readonly<Record<string, string>>,
	numbers: Readonly<Record<"value" | "limit", string>> = {
		value: "",
		limit: "",
	},
): TestAlert {
	const rule = alerts.find(
		({ alert, labels: own }) => alert === name && own.severity === severity,
	);
	if (rule === undefined) throw new Error(`no rule is ${name} ${severity}`);
	const all = { ...labels, ...rule.labels };
	const fill = (text: string) =>
		text
			.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label) => all[label] ?? "")
			.replaceAll(/\{\{ \$labels\.(\w+) \| urlquery \}\}/g, (_, label) =>
				encodeURIComponent(all[label] ?? ""),
			)
			.replaceAll(/\{\{ printf "%\.\df" \$value \}\}/g, numbers.value)
			.replaceAll(/\{\{ with query .*?\{\{ end \}\}/g, numbers.limit);
	return {
		labels: { alertname: name, ...all },
		annotations: Object.fromEntries(
			Object.entries(rule.annotations).map(([key, text]) => [key, fill(text)]),
		),
		startsAt: new Date().toISOString(),
	};
}

/** @param labels more of them, such as those that a deployment with a name has */
export function backend(
	component: string,
	labels: Readonly<Record<string, string>> = {},
): TestAlert {
	const { annotations, ...alert } = exampleAlert("BackendDown", "critical", {
		group: "backend_services",
		component,
		...labels,
	});
	return { ...alert, annotations: { ...annotations, trace_id: traceId } };
}

export function fullDisk(mountpoint: string): TestAlert {
	return exampleAlert(
		"DiskFull",
		"warning",
		{ mountpoint, host_name: "web-1" },
		{ value: "87.3", limit: "85" },
	);
}

export function resolved(alert: TestAlert): TestAlert {
	return { ...alert, endsAt: new Date().toISOString() };
}

/** So many that a message tells each in a line. */
export function manyBackends(count: number): TestAlert[] {
	return Array.from({ length: count }, (_, index) =>
		backend(`backend_${index + 1}`),
	);
}
