/** A user's id as the same 32 hex digits each time, which lead back to nobody who hasn't the salt. */
export async function hashUser(userId: string, salt: string): Promise<string> {
	const text = new TextEncoder().encode(`${salt}\0${userId}`);
	const digest = await crypto.subtle.digest("SHA-256", text);
	const bytes = Array.from(new Uint8Array(digest, 0, 16));
	return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The id that the request came with in `x-request-id`, or a new one. */
export function requestIdOf(request: Request): string {
	const given = request.headers.get("x-request-id") ?? "";
	return /^[\w.-]{1,64}$/.test(given) ? given : crypto.randomUUID();
}
