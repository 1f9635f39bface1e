/** Whose state an entry tells. */
export type Scope = "system" | "integration";

/** What was found of one thing at one time. */
export interface Entry {
	/** Unix time in ms. */
	readonly at: number;
	readonly scope: Scope;
	/** What it is about: `system`, `backend_services/data_sync`, … */
	readonly name: string;
	readonly state: string;
	/** Why, in words. Cut after 500 characters. */
	readonly reason?: string | undefined;
	/** 32 hex digits. */
	readonly traceId?: string | undefined;
	/** How long the check took, in ms; kept to the microsecond. */
	readonly durationMs?: number | undefined;
}
