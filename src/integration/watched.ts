import type { Reading } from "../metrics/metric.ts";
import { afterFinding, type Belief, isBad } from "./belief.ts";
import type { Judged, Told } from "./causes.ts";
import type { Check, CheckResult } from "./check.ts";
import type { ComponentStatus } from "./component-status.ts";
import type { Condition } from "./data-flows/freshness.ts";
import type { State, Verdict } from "./state.ts";

/** What was known before a restart. */
export interface Known extends Verdict {
	/** Unix ms. */
	readonly at: number;
	readonly traceId?: string | undefined;
}

/** A component under watch: what its checks have found, and what is believed of it. */
export class Watched implements Judged {
	readonly check: Check;
	readonly after: string | undefined;
	readonly catchUp: number | undefined;
	#recoveredAt: number | undefined;
	#belief: Belief;
	#last: { readonly result?: CheckResult; readonly at: number } | undefined;
	/** Of the check that found it bad first. */
	#failure: string | undefined;
	#told: { readonly state: State; readonly since: number } | undefined;

	constructor(check: Check, known?: Known) {
		this.check = check;
		this.after = check.after;
		this.catchUp = check.catchUp;
		this.#belief = {
			verdict: known ?? { state: "unknown", reason: "not checked yet" },
		};
		if (!known) return;
		this.#last = { at: known.at };
		this.#told = { state: known.state, since: known.at };
		this.#failure = known.traceId;
	}

	get name(): string {
		return this.check.name;
	}

	/** `<group>/<name>`, as the history knows it. */
	get path(): string {
		return `${this.check.group}/${this.check.name}`;
	}

	get verdict(): Verdict {
		return this.#belief.verdict;
	}

	get isSuspect(): boolean {
		return this.#belief.contrary?.verdict.state === "unhealthy";
	}

	get recoveredAt(): number | undefined {
		return this.#recoveredAt;
	}

	get dependsOn(): readonly string[] {
		return this.check.dependsOn;
	}

	/** Whether the last finding contradicts what is believed, so that another one is wanted soon. */
	get isInDoubt(): boolean {
		return this.#belief.contrary !== undefined;
	}

	/** Unix ms of the end of the last check; undefined before the first. */
	get checkedAt(): number | undefined {
		return this.#last?.at;
	}

	/** What the last check has read. */
	get readings(): readonly Reading[] {
		return this.#last?.result?.readings ?? [];
	}

	/** Of a data flow, how it stands by itself. */
	get condition(): Condition | undefined {
		return this.#last?.result?.condition;
	}

	/**
	 * Takes what a check found; gives whether what is told of others may change by it.
	 * @param at Unix ms of its end
	 */
	take(result: CheckResult, at: number): boolean {
		const { verdict, traceId } = result;
		const before = { state: this.verdict.state, isSuspect: this.isSuspect };
		this.#belief = afterFinding(this.#belief, verdict, this.check);
		this.#last = { result, at };
		this.#failure = isBad(verdict.state)
			? (this.#failure ?? traceId)
			: undefined;
		const { state } = this.verdict;
		if (state === "unhealthy") this.#recoveredAt = undefined;
		else if (before.state === "unhealthy") this.#recoveredAt = at;
		return before.state !== state || before.isSuspect !== this.isSuspect;
	}

	/** Forgets what was found while something that it depends on was down. */
	forget(reason: string): void {
		this.#belief = { verdict: { state: "unknown", reason } };
	}

	/** Keeps what is told of it from now on; gives whether that is another state than before. */
	tell({ state }: Told, at: number): boolean {
		const before = this.#told?.state;
		if (before !== state) this.#told = { state, since: at };
		return (before ?? "unknown") !== state;
	}

	status({ state, reason, cause }: Told): ComponentStatus {
		const { group, name } = this.check;
		const { contrary } = this.#belief;
		const last = this.#last;
		return {
			group,
			name,
			state,
			reason,
			...(cause !== undefined && { cause }),
			...(contrary && {
				pending: `${contrary.verdict.state}: ${contrary.verdict.reason}`,
			}),
			...(this.#told && { since: iso(this.#told.since) }),
			...(last && { checkedAt: iso(last.at) }),
			...(last?.result && { duration: last.result.duration }),
			traceId: this.#failure ?? last?.result?.traceId,
		};
	}
}

function iso(at: number): string {
	return new Date(at).toISOString();
}
