/** A value of an enumeration as the JSON has it, or the usual one. */
export function choice<Value extends string>(
	values: Readonly<Record<string, Value>>,
	given: unknown,
	usual: `${Value}`,
): Value {
	const all = Object.values(values);
	const found =
		all.find((value) => value === given) ??
		all.find((value) => `${value}` === usual);
	if (found === undefined) throw new Error(`there is no ${usual}`);
	return found;
}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null ? { ...value } : {};
}
