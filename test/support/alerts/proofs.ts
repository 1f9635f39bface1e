import { afterAll, expect, test } from "vitest";
import { alerts, titleOf } from "../../unit/alerts/alert-files.ts";
import { waitFor } from "../wait-for.ts";
import type { AlertingStack } from "./alerting-stack.ts";
import {
	key,
	type ProofRecord,
	readRecords,
	writeRecords,
} from "./proof-records.ts";
import { type Shown, seenOn, untilWell } from "./shown.ts";

/** Something that breaks, and the alert that has to come of it. */
export interface Fault
	extends Pick<ProofRecord, "alert" | "severity" | "source" | "fault"> {
	/** What stands in brackets in the title of the message: the label `component`. */
	readonly component: string;
	/** Where others of its name and component may be: labels that are its own, with values that its message names. */
	readonly labels?: Readonly<Record<string, string>>;
	/** Waits for what has to be so before anything can break. */
	before?(): unknown;
	break(): unknown;
	repair(): unknown;
	/** More to look at, once the message is there. */
	seen?(text: string): unknown;
	/** What the panel shows that the message opens; why nothing can be shown. */
	readonly shown: Shown | string;
	/** In seconds, from the fault to the message, and from the repair to the end. */
	readonly limit?: number;
	/** Why there is no message that it is over. */
	readonly neverResolves?: string;
	/** Why nobody can be told of it: what is looked at is Prometheus then. */
	readonly untold?: string;
}

const states = {
	critical: ":red_circle: Critical",
	warning: ":large_yellow_circle: Warning",
	info: ":information_source: Info",
};

/**
 * Registers tests, each of a fault: no such alert before, the message after it, and the one that says it is over after the
 * repair. What they saw goes into test/e2e/alerts/proofs/<name>.json if ALERT_PROOFS=write.
 * @param name of the file of faults
 */
export function proofs(name: string, alerting: () => AlertingStack) {
	const seen: ProofRecord[] = [];
	const proof = (fault: Fault) => ({
		title: `${key(fault)}: ${fault.fault}`,
		run: async () => {
			seen.push(await prove(alerting(), fault));
		},
	});
	afterAll(() => {
		if (process.env.ALERT_PROOFS === "write") writeRecords(name, seen);
	});
	return {
		/** At the same time as those before and after it: it touches nothing that another one looks at. */
		together(fault: Fault): void {
			const { title, run } = proof(fault);
			test.concurrent(title, { timeout: 300_000 }, run);
		},
		/** While no other fault is there. */
		alone(fault: Fault): void {
			const { title, run } = proof(fault);
			test(title, { timeout: 300_000 }, run);
		},
		/** The last test: what docs/alerts.md tells was seen again. */
		allOnRecord(): void {
			const isWriting = process.env.ALERT_PROOFS === "write";
			test.skipIf(isWriting)("every proof on record was seen again", () => {
				const rows = (records: readonly ProofRecord[]) =>
					records.map((each) => `${key(each)}: ${each.fault}`).toSorted();
				expect(rows(seen)).toEqual(rows(readRecords(name)));
			});
		},
	};
}

async function prove(
	alerting: AlertingStack,
	fault: Fault,
): Promise<ProofRecord> {
	const { alert, severity, component, shown, limit = 90 } = fault;
	const labels = {
		alertname: alert,
		severity,
		component,
		...(fault.source && { source: fault.source }),
		...fault.labels,
	};
	await fault.before?.();
	if (typeof shown !== "string") {
		await untilWell(alerting, pathOf(fault), labels, shown);
	}
	// What came of the start on a busy machine is over soon.
	await waitFor(
		async () => !(await alerting.isActive(labels)),
		Math.max(limit, 90),
	);
	const broken = Date.now();
	await fault.break();
	const told = await cameOf(alerting, fault, labels, broken, limit);
	await fault.seen?.(told.text);
	const seen = await seenOf(alerting, fault, labels, broken);
	const repaired = Date.now();
	await fault.repair();
	if (fault.neverResolves === undefined) {
		await ended(alerting, fault, labels, repaired, limit);
	}
	return {
		alert,
		severity,
		...(fault.source && { source: fault.source }),
		fault: fault.fault,
		seconds: Math.round((told.at - broken) / 100) / 10,
		message: told.sentence,
		seen,
	};
}

/** Where the rule's messages lead to. */
function pathOf(fault: Fault): string {
	const rule = alerts.find((each) => titleOf(each) === key(fault));
	return rule?.annotations.dashboard_url ?? "";
}

async function seenOf(
	alerting: AlertingStack,
	{ shown }: Fault,
	labels: Readonly<Record<string, string>>,
	broken: number,
): Promise<string> {
	if (typeof shown === "string") return `none: ${shown}`;
	const firing = await alerting.firing(labels);
	if (firing === undefined) throw new Error("it fires no more");
	return seenOn(alerting, firing, shown, broken / 1000);
}

/** The message; of what is only shown, that Alertmanager has it. */
async function cameOf(
	alerting: AlertingStack,
	fault: Fault,
	labels: Readonly<Record<string, string>>,
	since: number,
	limit: number,
): Promise<{ at: number; text: string; sentence: string }> {
	const { alert, severity, untold } = fault;
	if (untold !== undefined) {
		await waitFor(() => alerting.isFiring(labels), limit);
		return { at: Date.now(), text: untold, sentence: `none: ${untold}` };
	}
	if (severity === "info") {
		await waitFor(() => alerting.isActive(labels), limit);
		const sentence = "shown, and told to nobody";
		return { at: Date.now(), text: sentence, sentence };
	}
	const told = {
		titles: [`${states[severity]}: ${alert}`],
		names: namesOf(fault),
		isOver: false,
	};
	return waitFor(() => alerting.slack.find(told, since), limit);
}

/** Alertmanager has it no more, and a message said so: if others go on, it is one about them too. */
async function ended(
	alerting: AlertingStack,
	fault: Fault,
	labels: Readonly<Record<string, string>>,
	since: number,
	limit: number,
): Promise<void> {
	const { alert, severity, untold } = fault;
	if (untold !== undefined) {
		await waitFor(async () => !(await alerting.isFiring(labels)), limit);
		return;
	}
	await waitFor(async () => !(await alerting.isActive(labels)), limit);
	if (severity === "info") return;
	const told = {
		titles: [
			`:white_check_mark: Resolved: ${alert}`,
			`${states[severity]}: ${alert}`,
		],
		names: namesOf(fault),
		isOver: true,
	};
	await waitFor(() => alerting.slack.find(told, since), limit);
}

function namesOf({ component, labels = {} }: Fault): string[] {
	return [component, ...Object.values(labels)];
}
