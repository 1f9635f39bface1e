/** Writes a line in the contract's format about the host itself; functions write their own. */
export function logLine(
	level: "INFO" | "WARN" | "ERROR",
	message: string,
	data?: object,
): void {
	const timestamp = new Date().toISOString();
	const context = { functionName: "edge_host", timestamp };
	console.log(JSON.stringify({ level, message, data, context }));
}
