import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import { ask, echoed, servers } from "../support/asking.ts";

const { echo } = servers();

describe("the address", () => {
	const hasIPv6 = Object.values(networkInterfaces())
		.flat()
		.some((each) => each?.address === "::1");

	test.runIf(hasIPv6)("may be one of IPv6", async () => {
		const origin = await echo("::1");
		expect((await echoed(origin)).headers.host).toBe(origin.slice(7));
	});

	test.runIf(hasIPv6)("is of the IP version that is demanded", async () => {
		const url = (await echo()).replace("127.0.0.1", "localhost");
		expect(await ask(url, { ipVersion: 4 })).toMatchObject({ status: 200 });
		expect(await ask(url, { ipVersion: 6 })).toMatchObject({ kind: "failure" });
	});

	test("that is written out has to be of the version that is demanded", async () => {
		expect(await ask("http://127.0.0.1:1/", { ipVersion: 6 })).toMatchObject({
			reason: "has an address that is not IPv6, which ip_version demands",
		});
	});

	test.each([
		"http://169.254.169.254/",
		"http://2852039166/",
		"http://0xa9fea9fe/",
		"http://0251.0376.0251.0376/",
		"http://[::ffff:a9fe:a9fe]/",
		"http://[::ffff:169.254.1.1]/",
		"http://[fe80::1]/",
		"http://[fd00:ec2::254]/",
		"https://100.100.100.200/",
	])("%s is not asked", async (url) => {
		expect(await ask(url)).toEqual({
			kind: "failure",
			reason:
				"has a link-local or cloud metadata address, which is asked only with allow_link_local",
			errorType: "forbidden_address",
			duration: expect.any(Number),
			phases: {},
			certificateExpiry: undefined,
		});
	});

	test("of a name that there is not is said to be unknown", async () => {
		expect(await ask("http://nobody.invalid/")).toMatchObject({
			reason: expect.stringMatching(
				/^its host name (is not known \(ENOTFOUND\)|could not be looked up \(EAI_AGAIN\))$/,
			),
		});
	});

	test.each(["", "/functions/v1/x", "ftp://host/", "http://"])(
		"%j is no address",
		async (url) => {
			expect(await ask(url)).toMatchObject({ errorType: "invalid_url" });
		},
	);
});
