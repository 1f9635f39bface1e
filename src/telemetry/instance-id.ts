import { randomUUID } from "node:crypto";
import {
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";

const uuidV4 =
	/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export interface InstanceId {
	/** A UUID, version 4. */
	readonly id: string;
	/** Whether the next start will have the same. */
	readonly kept: boolean;
}

/** The id of this installation: the one in the folder's file `instance-id`, or a new one that is written there. */
export function stableInstanceId(folder: string): InstanceId {
	const file = join(folder, "instance-id");
	const known = readId(file);
	if (known !== undefined) return { id: known, kept: true };
	const id = randomUUID();
	return { id, kept: writeId(folder, file, id) };
}

function readId(file: string): string | undefined {
	try {
		const text = readFileSync(file, "utf8").trim();
		return uuidV4.test(text) ? text : undefined;
	} catch {
		return undefined;
	}
}

function writeId(folder: string, file: string, id: string): boolean {
	const temporary = `${file}-${id}`;
	try {
		mkdirSync(folder, { recursive: true });
		try {
			writeFileSync(temporary, `${id}\n`, { mode: 0o600 });
			// In one step: a start that is cut short leaves no half of an id.
			renameSync(temporary, file);
		} finally {
			rmSync(temporary, { force: true });
		}
		return true;
	} catch {
		return false;
	}
}
