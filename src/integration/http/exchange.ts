/** One HTTP request, with all that it may do. */
export interface HttpRequest {
	readonly url: string;
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string | undefined;
	/** Seconds for all of it, redirects included. */
	readonly timeout: number;
	readonly followRedirects: boolean;
	readonly verifyTls: boolean;
	readonly ipVersion?: 4 | 6 | undefined;
	/** Whether link-local and cloud metadata addresses may be asked. */
	readonly allowLinkLocal: boolean;
}

export const phases = [
	"dns",
	"connect",
	"tls",
	"first_byte",
	"transfer",
] as const;

export type Phase = (typeof phases)[number];

/** Seconds that each phase took, over all redirects; those that did not come to their end are absent. */
export type PhaseDurations = Readonly<Partial<Record<Phase, number>>>;

interface Timed {
	/** Seconds, from the start to the end of the answer or to the failure. */
	readonly duration: number;
	readonly phases: PhaseDurations;
	/** Unix seconds at which the first certificate of the server's chain ends. */
	readonly certificateExpiry?: number | undefined;
}

export interface HttpAnswer extends Timed {
	readonly kind: "answer";
	readonly status: number;
	/** By lower-case name; those that came several times are joined by ", ". */
	readonly headers: Readonly<Record<string, string>>;
	/** Decoded, 1 MiB at most. */
	readonly body: string;
}

export interface HttpFailure extends Timed {
	readonly kind: "failure";
	/** Completes "<name> is unhealthy: …": what happened, in words, without secrets, IP addresses or queries. */
	readonly reason: string;
	/** For `error.type`: a short code of few values, such as `timeout` or `ECONNREFUSED`. */
	readonly errorType: string;
}

export type HttpResult = HttpAnswer | HttpFailure;
