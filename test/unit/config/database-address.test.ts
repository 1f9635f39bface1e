import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nameOf, parseAddress } from "../../../src/config/database-address.ts";

test("reads host, port, user, password and database", () => {
	expect(
		parseAddress("postgresql://ann:p%40ss@db.example.com:6543/shop"),
	).toMatchObject({
		host: "db.example.com",
		port: 6543,
		user: "ann",
		password: "p@ss",
		database: "shop",
	});
});

test("takes what is left out as libpq does", () => {
	const address = parseAddress("postgres://");
	expect(address).toMatchObject({
		host: "localhost",
		port: 5432,
		sslMode: "prefer",
	});
	expect(address.user).toBeUndefined();
	expect(address.password).toBeUndefined();
	expect(address.database).toBeUndefined();
});

test("gives back any user, password and database that were encoded into the URL", () => {
	const text = fc.string({ minLength: 1, unit: "grapheme" });
	fc.assert(
		fc.property(text, text, text, (user, password, database) => {
			const encoded = [user, password, database].map(encodeURIComponent);
			const [u, p, d] = encoded;
			expect(parseAddress(`postgresql://${u}:${p}@host/${d}`)).toMatchObject({
				user,
				password,
				database,
			});
		}),
	);
});

test.each([".", "..", "a/../b", "%2E"])("takes %s for a name", (name) => {
	const { database } = parseAddress(`postgresql://host/${name}?sslmode=allow`);
	expect(database).toBe(decodeURIComponent(name));
});

test("reads an IPv6 address without its brackets", () => {
	expect(parseAddress("postgresql://[::1]:5433/shop").host).toBe("::1");
});

test.each([
	"postgresql:///shop?host=/run/postgresql",
	"postgresql://%2Frun%2Fpostgresql/shop",
])("reads the folder of a Unix socket from %s", (url) => {
	expect(parseAddress(url)).toMatchObject({
		host: "/run/postgresql",
		database: "shop",
	});
});

test("lets parameters go before the parts of the URL, as libpq does", () => {
	expect(
		parseAddress(
			"postgresql://a:b@c:1/d?user=e&password=f&host=g&port=2&dbname=h",
		),
	).toMatchObject({
		user: "e",
		password: "f",
		host: "g",
		port: 2,
		database: "h",
	});
});

test("keeps the options by which some poolers find the tenant", () => {
	expect(
		parseAddress("postgresql://host/db?options=reference%3Dabc").options,
	).toBe("reference=abc");
});

test("passes over parameters of other programs", () => {
	expect(
		parseAddress(
			"postgresql://host/db?pgbouncer=true&connection_limit=1&schema=public",
		).host,
	).toBe("host");
});

describe("sslmode", () => {
	test.each([
		"disable",
		"allow",
		"prefer",
		"require",
		"verify-ca",
		"verify-full",
	])("%s is taken", (mode) => {
		expect(parseAddress(`postgresql://host/db?sslmode=${mode}`).sslMode).toBe(
			mode,
		);
	});

	test("is verify-full with the system's root certificates, unless told otherwise", () => {
		expect(
			parseAddress("postgresql://host/db?sslrootcert=system").sslMode,
		).toBe("verify-full");
	});

	test("of another name is refused with the names that there are", () => {
		expect(() => parseAddress("postgresql://host/db?sslmode=verify")).toThrow(
			"the database URL has sslmode=verify, which is not one of disable, allow, prefer, require, verify-ca, verify-full",
		);
	});
});

describe("a URL that cannot be one of a database", () => {
	test.each([
		"",
		"mysql://ann:secret@host/db",
		"host=db password=secret",
		"postgresql://ann:secret#1@host/db",
		"postgresql://ann:#secret@host/db",
		"postgresql://ann:/secret@host/db",
		"postgresql://ann:?secret@host/db",
		"postgresql://ann:secret@host:99999/db",
		"postgresql://ann:sec%ret@host/db",
		"postgresql://ann:secret@host/db?port=0",
	])("is refused without a word of it: %s", (url) => {
		expect(() => parseAddress(url)).toThrow(/^the database URL /);
		expect(() => parseAddress(url)).not.toThrow(/secret|ann|sec%ret/);
	});
});

test.each([
	[
		"postgresql://ann:secret@db.example.com/shop",
		"Postgres at db.example.com:5432",
	],
	["postgresql://ann:secret@192.0.2.7:6000/shop", "Postgres on port 6000"],
	["postgresql://ann:secret@[2001:db8::1]/shop", "Postgres on port 5432"],
	["postgresql:///shop?host=/run/postgresql", "Postgres at /run/postgresql"],
])("is called by its name, never by an IP address: %s", (url, name) => {
	expect(nameOf(parseAddress(url))).toBe(name);
});
