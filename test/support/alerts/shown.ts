import { waitFor } from "../wait-for.ts";
import type { AlertingStack, FiringAlert } from "./alerting-stack.ts";
import { OpenedPanel } from "./opened-panel.ts";

/** Where a panel's value has to be. */
export type Expected =
	| number
	| "nothing"
	| { readonly over: number }
	| { readonly under: number };

/** What is seen of a fault on the panel that the message opens. */
export interface Shown {
	/** Another panel, as a path of Grafana, where the message opens a whole dashboard. */
	readonly panel?: string;
	/** The panel's query; "A" if it is not said. */
	readonly query?: string;
	/** Which of the panel's series, where the alert's own labels leave several. */
	readonly labels?: Labels;
	/** When it breaks. */
	readonly from: Expected;
	/** When the message is there. */
	readonly to: Expected;
}

type Labels = Readonly<Record<string, string>>;

/** Seconds within which a panel has to show what is so. */
const limit = 60;
/** Seconds back from the fault at which it is looked for: a sample may come two seconds after its time. */
const back = [0, 1, 2, 3];

/**
 * Waits until the panel shows what it does while all is well, if only for one of the things that the fault may be about.
 * @param path to which the rule's messages lead, with words in double braces for labels
 */
export async function untilWell(
	alerting: AlertingStack,
	path: string,
	labels: Labels,
	shown: Shown,
): Promise<void> {
	const known = path.replaceAll(
		/\{\{ \$labels\.(\w+) [^}]*\}\}/g,
		(_, name) => labels[name] ?? "",
	);
	const panel = panelOf(shown, known);
	const thing = { ...labels, ...shown.labels };
	let readings: number[] = [];
	const isWell = async () => {
		readings = await panel.readings(alerting, thing, Date.now() / 1000);
		return shown.from === "nothing"
			? readings.length === 0
			: readings.some((reading) => isAsExpected(reading, shown.from));
	};
	await waitFor(isWell, limit).catch((cause) => {
		throw new Error(`${panel.name} before the fault: ${readings}`, { cause });
	});
}

/**
 * Waits until the panel that an alert's message opens shows the fault.
 * @param broken when it began, in seconds since 1970
 * @returns the dashboard, the panel, and its value before and after
 */
export async function seenOn(
	alerting: AlertingStack,
	{ labels, annotations }: FiringAlert,
	shown: Shown,
	broken: number,
): Promise<string> {
	const panel = panelOf(shown, annotations.dashboard_url ?? "");
	const thing = { ...labels, ...shown.labels };
	const at = async (time: number) => {
		const readings = await panel.readings(alerting, thing, time);
		if (readings.length < 2) return readings[0];
		throw new Error(`${panel.name} has several series: ${readings}`);
	};
	let before: number | undefined;
	for (const seconds of back) {
		before = await at(broken - seconds);
		if (isAsExpected(before, shown.from)) break;
	}
	if (!isAsExpected(before, shown.from)) {
		throw new Error(`${panel.name} when it broke: ${before}`);
	}
	let after: number | undefined;
	const isSeen = async () => {
		after = await at(Date.now() / 1000);
		return isAsExpected(after, shown.to);
	};
	await waitFor(isSeen, limit).catch((cause) => {
		throw new Error(`${panel.name} after the fault: ${after}`, { cause });
	});
	return `${panel.name}: ${panel.text(before)} → ${panel.text(after)}`;
}

function panelOf({ panel, query = "A" }: Shown, path: string): OpenedPanel {
	return new OpenedPanel(panel ?? path, query);
}

function isAsExpected(
	reading: number | undefined,
	expected: Expected,
): boolean {
	if (expected === "nothing") return reading === undefined;
	if (reading === undefined) return false;
	if (typeof expected === "number") return reading === expected;
	return "over" in expected
		? reading > expected.over
		: reading < expected.under;
}
