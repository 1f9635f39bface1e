import { totalmem } from "node:os";

/** The memory that this process occupies, in % of what it may have: of its container's limit, or of the machine's. */
export function memoryUsagePercent(): number {
	const limit = Math.min(process.constrainedMemory() || Infinity, totalmem());
	return (100 * process.memoryUsage.rss()) / limit;
}
