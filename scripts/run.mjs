// Runs a file of this project with the project's own Node, after installing what is missing.
// Plain JavaScript without dependencies: it must work on a fresh clone, with any Node from 20.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const self = fileURLToPath(import.meta.url);
const root = dirname(dirname(self));
const [file, ...args] = process.argv.slice(2);

installMissing();
const node = projectNode();
if (node === process.execPath) {
	// Keeps the stripped and compiled code: a third of the time and 25 MB less at each start.
	module.enableCompileCache();
	process.argv = [node, join(root, file), ...args];
	await import(pathToFileURL(join(root, file)).href);
} else {
	const child = spawn(node, [self, file, ...args], { stdio: "inherit" });
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
		process.on(signal, () => child.kill(signal));
	}
	child.on("exit", (code, signal) => {
		process.exitCode = signal === null ? code : 1;
	});
}

function installMissing() {
	if (isInstalled()) return;
	console.error("Installing what is missing (npm ci), once …");
	const npm = process.platform === "win32" ? "npm.cmd" : "npm";
	// Warnings about this Node's age don't matter: the project brings its own Node.
	const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
	const { status } = spawnSync(npm, ["ci", "--include=dev", ...quiet], {
		cwd: root,
		stdio: ["ignore", 2, 2],
		shell: process.platform === "win32",
	});
	if (status === 0 && isInstalled()) return;
	fail(
		"npm ci did not succeed: see its output above, mend it, and run this again",
	);
}

/** Whether every package of the lockfile that this machine takes is there, in its version. */
function isInstalled() {
	const installed = lockedPackages("node_modules/.package-lock.json");
	if (
		installed === undefined ||
		!existsSync(join(root, "node_modules/.bin/node"))
	) {
		return false;
	}
	const wanted = lockedPackages("package-lock.json") ?? {};
	return Object.entries(wanted).every(
		([path, { version, optional }]) =>
			path === "" ||
			(installed[path]?.version ?? (optional ? version : undefined)) ===
				version,
	);
}

function lockedPackages(name) {
	const path = join(root, name);
	if (!existsSync(path)) return undefined;
	try {
		return JSON.parse(readFileSync(path, "utf8")).packages;
	} catch {
		return undefined;
	}
}

function projectNode() {
	const found = spawnSync(
		join(root, "node_modules/.bin/node"),
		["-p", "process.execPath"],
		{
			encoding: "utf8",
			shell: process.platform === "win32",
		},
	);
	if (found.status === 0) return found.stdout.trim();
	fail(
		"the project's own Node (node_modules/.bin/node) does not start: remove node_modules and run this again",
	);
}

function fail(message) {
	console.error(message);
	process.exit(1);
}
