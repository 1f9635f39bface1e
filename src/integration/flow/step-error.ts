/** Why a step failed; the message completes `step "x": …`. */
export class StepError extends Error {
	/** For `error.type`: a short code of few values. */
	readonly errorType: string;

	constructor(reason: string, errorType: string) {
		super(reason);
		this.errorType = errorType;
	}
}

/** What repeating the step can't change: a variable that is missing, or whose value may not stand where it should. */
export class VariableError extends StepError {
	constructor(reason: string) {
		super(reason, "variable");
	}
}

/** The monitor is stopping: nothing is known of the step. */
export class StoppedError extends StepError {
	constructor() {
		super("was cut off, as the monitor stops", "stopped");
	}
}

/** Whatever was thrown, as the failure of a step. */
export function asStepError(error: unknown): StepError {
	if (error instanceof StepError) return error;
	const name = error instanceof Error ? error.name : "unknown error";
	return new StepError(`could not be carried out (${name})`, name);
}
