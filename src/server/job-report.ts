import { z } from "zod";

export const jobStates = ["start", "ok", "fail"] as const;

/** What a job tells of itself. */
export interface JobReport {
	readonly state: (typeof jobStates)[number];
	/** Seconds that the run took, by the job's own account. */
	readonly duration?: number | undefined;
}

const durationError = "duration is not a number of seconds from 0 to 31536000";
const query = z.object({
	state: z
		.enum(jobStates, { error: `state is not one of ${jobStates.join(", ")}` })
		.default("ok"),
	duration: z
		.string()
		.regex(/^\d{1,8}(\.\d{1,9})?$/, { error: durationError })
		.transform(Number)
		.pipe(z.number().max(31_536_000, { error: durationError }))
		.optional(),
});

/** Reads the query of a report: `?state=start|ok|fail&duration=<seconds>`. Mistakes come back as sentences. */
export function readJobReport(
	parameters: Readonly<Record<string, string>>,
): JobReport | string[] {
	const { data, error } = query.safeParse(parameters);
	return data ?? error?.issues.map(({ message }) => message) ?? [];
}
