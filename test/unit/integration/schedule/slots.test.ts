import { expect, test } from "vitest";
import { Slots } from "../../../../src/integration/schedule/slots.ts";

/** Asks for places, and keeps in which order they were given. */
function asking(slots: Slots) {
	const entered: string[] = [];
	const leave = new Map<string, () => void>();
	return {
		entered,
		ask(name: string, isSlow = false) {
			void slots.take(isSlow).then((give) => {
				entered.push(name);
				leave.set(name, give);
			});
		},
		async leave(name: string) {
			leave.get(name)?.();
			await settled();
		},
	};
}

async function settled(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
}

test("as many are let in as there are places, the others in their order as places become free", async () => {
	const { ask, leave, entered } = asking(new Slots({ all: 2, slow: 2 }));
	for (const name of ["a", "b", "c", "d"]) ask(name);
	await settled();
	expect(entered).toEqual(["a", "b"]);
	await leave("b");
	expect(entered).toEqual(["a", "b", "c"]);
	await leave("a");
	expect(entered).toEqual(["a", "b", "c", "d"]);
});

test("slow ones have a part of the places, and quick ones pass those that wait", async () => {
	const { ask, leave, entered } = asking(new Slots({ all: 3, slow: 1 }));
	ask("slow 1", true);
	ask("slow 2", true);
	ask("quick 1");
	ask("quick 2");
	ask("quick 3");
	await settled();
	expect(entered).toEqual(["slow 1", "quick 1", "quick 2"]);
	await leave("quick 1");
	expect(entered).toEqual(["slow 1", "quick 1", "quick 2", "quick 3"]);
	await leave("slow 1");
	expect(entered.at(-1)).toBe("slow 2");
});
