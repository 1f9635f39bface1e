import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findService } from "../../../src/register/service.ts";
import {
	removeFolder,
	temporaryFolder,
} from "../../support/monitor-process.ts";

let folder: string;

beforeEach(() => {
	folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

function write(path: string, text: string): string {
	const file = join(folder, path);
	mkdirSync(join(file, ".."), { recursive: true });
	writeFileSync(file, text);
	return file;
}

test("is the nearest package with a name, whatever the current folder", () => {
	write("package.json", '{"name":"shop","version":"1.0.0"}');
	write("services/pay/package.json", '{"name":"@shop/pay","version":"2.0.0"}');
	write("services/pay/dist/package.json", '{"type":"module"}');
	const entry = write("services/pay/dist/server.js", "");
	expect(findService(entry, "/")).toEqual({
		name: "@shop/pay",
		version: "2.0.0",
	});
});

test("is the current folder's for a tool, such as a framework's own server", () => {
	write("package.json", '{"name":"shop"}');
	write("node_modules/next/package.json", '{"name":"next","version":"16.0.0"}');
	const tool = write("node_modules/next/dist/bin.js", "");
	mkdirSync(join(folder, "node_modules/.bin"));
	const link = join(folder, "node_modules/.bin/next");
	symlinkSync(tool, link);
	expect(findService(link, folder)).toEqual({ name: "shop" });
	expect(findService(undefined, folder)).toEqual({ name: "shop" });
});

test.each(["not json", "[]", "null", '{"name":7,"version":7}', '{"name":""}'])(
	"passes over a package.json that is %s",
	(text) => {
		write("package.json", '{"name":"shop","version":"1.0.0"}');
		write("src/package.json", text);
		const entry = write("src/server.js", "");
		expect(findService(entry, folder)).toEqual({
			name: "shop",
			version: "1.0.0",
		});
	},
);

test("is unknown where no package.json has a name", () => {
	expect(findService(join(folder, "gone.js"), folder)).toEqual({});
});
