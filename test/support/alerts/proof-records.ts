import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const folder = fileURLToPath(
	new URL("../../e2e/alerts/proofs", import.meta.url),
);

const proofRecord = z.strictObject({
	alert: z.string(),
	severity: z.enum(["critical", "warning", "info"]),
	/** What tells two rules of one name and severity apart. */
	source: z.string().optional(),
	/** What was broken, in words. */
	fault: z.string(),
	/** From the fault to the message, with time scaled. */
	seconds: z.number(),
	/** What the message said first; of an alert that is only shown, that it was. */
	message: z.string(),
	/** The panel that shows it, and what it shows before the fault and after. */
	seen: z.string(),
});

/** What one run saw of an alert. */
export type ProofRecord = z.infer<typeof proofRecord>;

/** What is on record of a file of faults. */
export function readRecords(name: string): ProofRecord[] {
	const path = join(folder, `${name}.json`);
	if (!existsSync(path)) return [];
	return z.array(proofRecord).parse(JSON.parse(readFileSync(path, "utf8")));
}

/** What is on record of all files. */
export function readAllRecords(): ProofRecord[] {
	return readdirSync(folder)
		.toSorted()
		.flatMap((file) => readRecords(file.replace(/\.json$/, "")));
}

/** Takes the place of the records of the same alerts, and keeps the others. */
export function writeRecords(
	name: string,
	records: readonly ProofRecord[],
): void {
	const all = new Map(
		[...readRecords(name), ...records].map((record) => [key(record), record]),
	);
	const sorted = [...all.values()].toSorted((a, b) =>
		key(a).localeCompare(key(b)),
	);
	writeFileSync(
		join(folder, `${name}.json`),
		`${JSON.stringify(sorted, undefined, "\t")}\n`,
	);
}

/** The rule that a record is of. */
export function key(rule: {
	alert: string;
	severity: string;
	source?: string | undefined;
}): string {
	return [rule.alert, rule.severity, rule.source]
		.filter((part) => part !== undefined)
		.join(" ");
}
