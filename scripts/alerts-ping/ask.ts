/**
 * What a program of the stack answers.
 * @throws Error if it does not answer, or not with 200
 */
export async function ask(address: string, path: string): Promise<string> {
	const url = `${address.replace(/\/$/, "")}${path}`;
	const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
	const text = await response.text();
	if (response.ok) return text;
	throw new Error(`${url} answered ${response.status}`);
}
