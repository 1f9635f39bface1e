/** What went wrong with a request, in words that may be shown. */
export class RequestError extends Error {
	/** For `error.type`. */
	readonly errorType: string;

	/** @param reason completes "<name> is unhealthy: …", without addresses, queries and secrets */
	constructor(errorType: string, reason: string) {
		super(reason);
		this.errorType = errorType;
	}
}
