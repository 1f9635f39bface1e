/** Numbers as Postgres' bytea keeps them: four bytes each, the lowest first. */
export function toBytes(numbers: Float32Array): Buffer {
	return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** The numbers of a bytea, as a copy. */
export function fromBytes(bytes: Buffer): Float32Array {
	const { buffer, byteOffset, byteLength } = bytes;
	return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
