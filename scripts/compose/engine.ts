import { type SpawnSyncOptions, spawnSync } from "node:child_process";

/** What the programs are called that a Docker engine of one's own takes. */
const programs = ["dockerd", "docker", "iptables", "unshare", "ip", "mount"];

/**
 * Why no Docker engine can be started for the test; `undefined` if one can. CI installs what is missing.
 * The test has an engine of its own, since it gives images the names of the real ones.
 */
export function engineObstacle(): string | undefined {
	if (process.platform !== "linux" || process.arch !== "x64") {
		return "its stand-in images are made for Linux on x86-64";
	}
	if (process.getuid?.() !== 0) {
		return "a Docker engine of its own can only be started by root";
	}
	if (missing().length > 0 && process.env.CI) install();
	if (missing().length > 0) {
		return `there is no ${missing().join(", ")}: apt-get install docker.io iptables`;
	}
	const { status, stderr } = spawnSync("unshare", [...isolation, "true"], {
		encoding: "utf8",
	});
	return status === 0 ? undefined : stderr.trim();
}

/**
 * How to run a program so that all that it starts ends with it, and nothing of it is left: no process, mount, bridge or
 * firewall rule. Ports are its own too, so that it is in nobody's way.
 */
export const isolation = [
	"--mount",
	"--net",
	"--pid",
	"--fork",
	"--kill-child",
	"--mount-proc",
];

function missing(): string[] {
	return programs.filter(
		(program) => spawnSync("which", [program]).status !== 0,
	);
}

function install(): void {
	const options: SpawnSyncOptions = {
		stdio: ["ignore", 2, 2],
		env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
	};
	spawnSync("apt-get", ["update", "-qq"], options);
	spawnSync(
		"apt-get",
		[
			"install",
			"--yes",
			"-qq",
			"--no-install-recommends",
			"docker.io",
			"iptables",
		],
		options,
	);
}
