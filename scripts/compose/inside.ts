// Runs in namespaces of its own (engine.ts): starts a Docker engine, makes the images, brings the stack up and looks at it.
// node scripts/compose/inside.ts <folder for all that it writes> <npm cache>; the report is in <folder>/report.json
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { z } from "zod";
import { Docker } from "./docker.ts";
import { makeProgramImages, makeStandIns, nodeImage } from "./images.ts";
import { observe } from "./observe.ts";
import { composeProgram } from "./plugin.ts";
import { Project } from "./project.ts";

const [folder = "", npmCache = ""] = process.argv.slice(2);

// File systems that the engine mounts are to be seen in its containers, as on a real machine.
execFileSync("mount", ["--make-rshared", "/"]);
execFileSync("ip", ["link", "set", "lo", "up"]);

const docker = await startEngine();
const project = new Project(docker);
const images = z
	.object({ services: z.record(z.string(), z.object({ image: z.string() })) })
	.parse(parse(await project.run("config"))).services;
const nameOf = (service: string) => {
	const name = images[service]?.image;
	if (name === undefined) throw new Error(`there is no service ${service}`);
	return name;
};
say("making the images");
await makeProgramImages(docker, nameOf, folder);
await makeStandIns(docker, nameOf, folder, npmCache);
await project.run("build");
say("docker compose up");
try {
	const report = await observe(project);
	writeFileSync(join(folder, "report.json"), JSON.stringify(report));
} catch (error) {
	say(await project.run("ps", "--all"));
	say(await project.run("logs", "--no-color", "--tail=6"));
	throw error;
} finally {
	await project.run("down", "--volumes", "--timeout=20");
}
process.exit();

async function startEngine(): Promise<Docker> {
	const config = join(folder, "config");
	mkdirSync(join(config, "cli-plugins"), { recursive: true });
	copyFileSync(composeProgram(), join(config, "cli-plugins/docker-compose"));
	const socket = join(folder, "docker.sock");
	const log = openSync(join(folder, "dockerd.log"), "a");
	const engine = spawn(
		"dockerd",
		[
			`--data-root=${join(folder, "data")}`,
			`--exec-root=${join(folder, "exec")}`,
			`--pidfile=${join(folder, "docker.pid")}`,
			`--host=unix://${socket}`,
			"--exec-opt=native.cgroupdriver=cgroupfs",
			`--cgroup-parent=${process.env.CGROUP_PARENT}`,
		],
		{ stdio: ["ignore", log, log] },
	);
	let ended = false;
	engine.on("exit", () => {
		ended = true;
	});
	const docker = new Docker(socket, config, { NODE_IMAGE: nodeImage });
	for (let tries = 0; ; tries++) {
		try {
			await docker.run("version");
			return docker;
		} catch (error) {
			if (ended || tries > 120) throw error;
			await sleep(250);
		}
	}
}

function say(line: string): void {
	process.stderr.write(`${line}\n`);
}
