/** A number from 0 up to 1 that looks random and is always the same for the same key. */
export function noise(...key: readonly (string | number)[]): number {
	return hash(key.join(" ")) / 2 ** 32;
}

/** One of the items, chosen by the key. */
export function pick<Item>(
	items: readonly [Item, ...Item[]],
	...key: readonly (string | number)[]
): Item {
	return items[Math.floor(noise(...key) * items.length)] ?? items[0];
}

/** Several different items, chosen by the key. */
export function pickSome<Item>(
	items: readonly Item[],
	count: number,
	...key: readonly (string | number)[]
): Item[] {
	return items
		.map((item, at) => ({ item, rank: noise(...key, at) }))
		.sort((one, other) => one.rank - other.rank)
		.slice(0, count)
		.map(({ item }) => item);
}

/** 32 bits of a text: FNV-1a, and the last step of MurmurHash3, which spreads short texts. */
export function hash(text: string): number {
	let bits = 0x811c9dc5;
	for (let at = 0; at < text.length; at++) {
		bits = Math.imul(bits ^ text.charCodeAt(at), 0x01000193);
	}
	bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
	bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
	return (bits ^ (bits >>> 16)) >>> 0;
}
