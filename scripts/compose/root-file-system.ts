import { execFileSync } from "node:child_process";
import {
	chmodSync,
	copyFileSync,
	cpSync,
	mkdirSync,
	realpathSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** What the Dockerfile, its scripts and the stand-ins call: what node:24-bookworm-slim has of it, from this machine. */
const commands = (
	"sh bash env mkdir chown chmod cp rm ln cat head tail base64 tr sed sleep ls id stat" +
	" date true wc find grep"
).split(" ");

const users = {
	root: 0,
	grafana: 472,
	postgres: 999,
	tempo: 10_001,
	monitor: 10_010,
	nobody: 65_534,
};

/**
 * Fills a folder with the root file system of an image that has Node, npm, a shell and what they need.
 * @param cache an npm cache, which takes the place of a registry: the test's engine has no way out
 * @param guests programs that images made of it bring along, without the system's libraries
 */
export function makeNodeRoot(
	folder: string,
	cache: string,
	guests: readonly string[],
): void {
	for (const name of ["etc", "proc", "sys", "dev", "root", "usr/local/bin"]) {
		mkdirSync(join(folder, name), { recursive: true });
	}
	for (const name of ["tmp", "var/tmp"]) {
		mkdirSync(join(folder, name), { recursive: true });
		chmodSync(join(folder, name), 0o1777);
	}
	const lines = Object.entries(users).map(
		([name, id]) => `${name}:x:${id}:${id}::/tmp:/bin/sh\n`,
	);
	writeFileSync(join(folder, "etc/passwd"), lines.join(""));
	for (const command of commands) {
		addProgram(folder, which(command), `/bin/${command}`);
	}
	mkdirSync(join(folder, "usr/bin"), { recursive: true });
	symlinkSync("../../bin/env", join(folder, "usr/bin/env"));
	addProgram(folder, process.execPath, "/usr/local/bin/node");
	addNpm(folder, cache);
	for (const guest of guests) addLibraries(folder, guest);
}

/** Copies a program of this machine, and the libraries that it loads. */
function addProgram(folder: string, from: string, to: string): void {
	copy(from, join(folder, to));
	addLibraries(folder, from);
}

/** Copies the libraries of this machine that a program loads. */
function addLibraries(folder: string, program: string): void {
	for (const library of librariesOf(program)) {
		copy(library, join(folder, library));
	}
}

function librariesOf(program: string): string[] {
	const listed = execFileSync("ldd", [program], { encoding: "utf8" });
	const paths = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path);
	// Those that are packed with the program are copied with it.
	return paths.filter((path) => path !== undefined).filter(isOfTheSystem);
}

function isOfTheSystem(path: string): boolean {
	return path.startsWith("/lib") || path.startsWith("/usr/");
}

function which(command: string): string {
	return execFileSync("which", [command], { encoding: "utf8" }).trim();
}

function addNpm(folder: string, cache: string): void {
	const npm = dirname(dirname(realpathSync(which("npm"))));
	const at = join(folder, "usr/local/lib/node_modules/npm");
	cpSync(npm, at, { recursive: true });
	symlinkSync(
		"../lib/node_modules/npm/bin/npm-cli.js",
		join(folder, "usr/local/bin/npm"),
	);
	cpSync(cache, join(folder, "npm-cache"), { recursive: true });
}

function copy(from: string, to: string): void {
	mkdirSync(dirname(to), { recursive: true });
	copyFileSync(realpathSync(from), to);
}
