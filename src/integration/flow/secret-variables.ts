import type { FlowConfig } from "../../config/schema/flow.ts";
import { masker } from "../../telemetry/mask.ts";
import type { Mask } from "../excerpt.ts";
import { referencesIn, runId, type Variables } from "./references.ts";

const secretName = /token|secret|pass|pwd|jwt|session|cookie|auth|key|otp/i;

/** The variables whose values are never shown: those that a header carries, and those that are named like a secret. */
export function secretVariables({ steps, cleanup }: FlowConfig): string[] {
	const names = [...steps, ...cleanup].flatMap(({ request, extract }) => [
		...Object.values(request?.headers ?? {}).flatMap(referencesIn),
		...Object.keys(extract).filter((name) => secretName.test(name)),
	]);
	return [...new Set(names)].filter((name) => name !== runId);
}

/** Takes also the values that these variables have by then out of a text. */
export function hiding(
	names: readonly string[],
	variables: Variables,
	mask: Mask,
): Mask {
	return (text) => {
		const values = names.flatMap((name) => variables.get(name) ?? []);
		return masker(values)(mask(text));
	};
}
