import { z } from "zod";
import { checkShape } from "./check.ts";
import { requestShape } from "./request.ts";
import { mapping } from "./values.ts";

const probeObject = mapping({ ...requestShape, ...checkShape }).meta({
	id: "probe",
});

/** A URL, or all that a probe may be told. */
export const probe = z
	.union([requestShape.url, probeObject], {
		error: "an http:// or https:// URL, or a mapping with one as url",
	})
	.transform((value) =>
		typeof value === "string" ? probeObject.parse({ url: value }) : value,
	);

export type ProbeConfig = z.output<typeof probe>;
