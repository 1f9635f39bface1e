import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hostName } from "../../../src/telemetry/host-name.ts";
import { monitorResource } from "../../../src/telemetry/resource.ts";
import {
	removeFolder,
	temporaryFolder,
} from "../../support/monitor-process.ts";

describe("the machine's name", () => {
	let root: string;
	beforeEach(() => {
		root = temporaryFolder();
	});
	afterEach(() => removeFolder(root));

	function nameOfHost(content: string): string {
		mkdirSync(join(root, "etc"));
		writeFileSync(join(root, "etc/hostname"), content);
		return hostName({ HOST_ROOT: root });
	}

	test("is the system's own", () => {
		expect(hostName({})).toBe(hostname());
	});

	test("is the host's where its files are mounted into the container", () => {
		expect(nameOfHost("web-1\n")).toBe("web-1");
	});

	test("is not a comment, as hostname(5) allows", () => {
		expect(nameOfHost("# the first\n\n  web-1  \n")).toBe("web-1");
	});

	test("is the container's where the host has no such file, or an empty one", () => {
		expect(hostName({ HOST_ROOT: root })).toBe(hostname());
		expect(nameOfHost("\n")).toBe(hostname());
	});

	test("is known whatever detectors of OpenTelemetry are left out", () => {
		const resource = monitorResource({ version: "1", instanceId: "a" });
		expect(resource.attributes["host.name"]).toBe(hostname());
	});
});
