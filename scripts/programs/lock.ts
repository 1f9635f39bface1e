import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs `work` while no other process runs its own under the same path.
 * SQLite's lock is the system's: it ends with its process, however that ends, so none is ever stale.
 */
export async function withLock<Result>(
	path: string,
	wait: { onWait: () => void; signal: AbortSignal },
	work: () => Promise<Result>,
): Promise<Result> {
	using lock = new DatabaseSync(path, { timeout: 0 });
	if (!tryLock(lock)) {
		wait.onWait();
		do await sleep(500, undefined, { signal: wait.signal });
		while (!tryLock(lock));
	}
	return await work();
}

function tryLock(lock: DatabaseSync): boolean {
	try {
		lock.exec("BEGIN EXCLUSIVE");
		return true;
	} catch (error) {
		if (error instanceof Error && error.message.includes("locked")) {
			return false;
		}
		throw error;
	}
}
