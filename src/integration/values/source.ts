/** What a source had: a number, a time as its age, or nothing at all. */
export type SourceValue =
	| { readonly kind: "number"; readonly value: number }
	/** Seconds, by the clock of whoever told the time. Negative for the future. */
	| { readonly kind: "time"; readonly age: number }
	| { readonly kind: "nothing" };
