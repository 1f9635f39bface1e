import { currentPlace, type Place } from "./context.ts";
import { isolate } from "./isolate.ts";

const seen = new WeakSet<object>();

/** Whether an error is met for the first time, on its way out through operations and handler. */
function isNew(thrown: unknown): boolean {
	if (typeof thrown !== "object" || thrown === null) return true;
	if (seen.has(thrown)) return false;
	seen.add(thrown);
	return true;
}

/** Counts an error, once, however many operations it passes on its way out. */
export function countError(
	functionName: string,
	thrown: unknown,
	type: string,
	place: Place | undefined = currentPlace(),
): void {
	if (!isNew(thrown)) return;
	const errors = isolate().instruments.counter("errors");
	const labels = { error_type: type };
	isolate().record(functionName, errors, 1, labels, place?.span);
	if (place) place.scope.failed = true;
}

/** Counts an answer by its status, once a request. */
export function countResponse(
	functionName: string,
	response: Response,
	place: Place | undefined = currentPlace(),
): void {
	if (place?.scope.counted === response) return;
	if (place) place.scope.counted = response;
	const status = String(response.status);
	const labels = { status, status_class: `${status[0]}xx` };
	const { responses } = isolate().instruments;
	isolate().record(functionName, responses, 1, labels, place?.span);
}
