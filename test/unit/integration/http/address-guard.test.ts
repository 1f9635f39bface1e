import type { LookupAddress } from "node:dns";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	guardedLookup,
	isForbidden,
} from "../../../../src/integration/http/address-guard.ts";

const byte = fc.nat({ max: 255 });
const hex = (high: number, low: number) => ((high << 8) | low).toString(16);

describe("an address", () => {
	test("that is link-local is forbidden, in every spelling", () => {
		fc.assert(
			fc.property(byte, byte, (c, d) => {
				const last = hex(c, d);
				expect(isForbidden(`169.254.${c}.${d}`)).toBe(true);
				expect(isForbidden(`::ffff:169.254.${c}.${d}`)).toBe(true);
				expect(isForbidden(`::ffff:a9fe:${last}`)).toBe(true);
				expect(isForbidden(`0:0:0:0:0:FFFF:A9FE:${last}`)).toBe(true);
				expect(isForbidden(`::a9fe:${last}`)).toBe(true);
				expect(isForbidden(`64:ff9b::a9fe:${last}`)).toBe(true);
			}),
		);
	});

	test("of IPv6 that is link-local is forbidden, with its interface too", () => {
		const group = fc.nat({ max: 0xffff }).map((n) => n.toString(16));
		fc.assert(
			fc.property(fc.nat({ max: 0x3f }), group, group, (low, a, b) => {
				const address = `${(0xfe80 | low).toString(16)}:${a}::${b}`;
				expect(isForbidden(address)).toBe(true);
				expect(isForbidden(`${address}%eth0`)).toBe(true);
			}),
		);
	});

	test.each([
		"169.254.169.254",
		"100.100.100.200",
		"192.0.0.192",
		"168.63.129.16",
		"fd00:ec2::254",
		"fd00:0ec2:0:0:0:0:0:254",
		"fd20:ce::254",
		"fd00:c1::a9fe:a9fe",
		"::ffff:100.100.100.200",
		"::ffff:c000:c0",
	])("of a cloud's metadata, %s, is forbidden", (address) => {
		expect(isForbidden(address)).toBe(true);
	});

	test.each(["", "localhost", "169.254", "2852039166", "1.2.3.4.5", "fe80"])(
		"that is none, %j, is forbidden",
		(address) => {
			expect(isForbidden(address)).toBe(true);
		},
	);

	test.each([
		"127.0.0.1",
		"::1",
		"::ffff:127.0.0.1",
		"10.0.0.1",
		"172.16.0.1",
		"192.168.1.1",
		"100.64.0.1",
		"fd00::1",
		"0.0.0.0",
		"169.253.255.255",
		"169.255.0.0",
		"fec0::1",
		"192.0.0.191",
		"2001:db8::a9fe:a9fe",
	])(
		"of this machine, a private network or elsewhere, %s, is allowed",
		(address) => {
			expect(isForbidden(address)).toBe(false);
		},
	);

	test("of IPv4 is allowed unless it is one of those", () => {
		fc.assert(
			fc.property(byte, byte, byte, byte, (a, b, c, d) => {
				const address = `${a}.${b}.${c}.${d}`;
				const isOne =
					(a === 169 && b === 254) ||
					["100.100.100.200", "192.0.0.192", "168.63.129.16"].includes(address);
				expect(isForbidden(address)).toBe(isOne);
				expect(isForbidden(`::ffff:${hex(a, b)}:${hex(c, d)}`)).toBe(isOne);
			}),
		);
	});
});

const ipv4 = (address: string): LookupAddress => ({ address, family: 4 });

/** What a look-up of a name with such addresses gives. */
function lookUp(
	addresses: readonly string[],
	{ all = true, allowLinkLocal = false } = {},
) {
	const look = guardedLookup(allowLinkLocal, (_name, _options, callback) =>
		callback(null, addresses.map(ipv4)),
	);
	return new Promise((resolve, reject) =>
		look("host.test", { all }, (error, found) =>
			error ? reject(error) : resolve(found),
		),
	);
}

describe("the look-up of a name", () => {
	const allowed = fc.constantFrom("127.0.0.1", "10.1.2.3", "203.0.113.9");
	const forbidden = fc.constantFrom("169.254.169.254", "100.100.100.200");

	test("gives all that are allowed, in their order, and none else", async () => {
		const any = fc.array(fc.oneof(allowed, forbidden), { minLength: 1 });
		await fc.assert(
			fc.asyncProperty(any, async (addresses) => {
				const kept = addresses.filter((each) => !isForbidden(each));
				const found = lookUp(addresses);
				const first = lookUp(addresses, { all: false });
				if (kept.length === 0) {
					await expect(found).rejects.toThrow("link-local");
					await expect(first).rejects.toThrow("link-local");
				} else {
					expect(await found).toEqual(kept.map(ipv4));
					expect(await first).toBe(kept[0]);
				}
			}),
		);
	});

	test("gives all where link-local ones are allowed", async () => {
		const addresses = ["169.254.169.254", "127.0.0.1"];
		expect(await lookUp(addresses, { allowLinkLocal: true })).toEqual(
			addresses.map(ipv4),
		);
	});

	test("passes on why a name has no address", async () => {
		const look = guardedLookup(false, (_name, _options, callback) =>
			callback(new Error("ENOTFOUND"), []),
		);
		await expect(
			new Promise((_resolve, reject) => look("x", { all: true }, reject)),
		).rejects.toThrow("ENOTFOUND");
	});
});
