import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Docker } from "./docker.ts";
import { run } from "./shell.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const container = z.object({
	ID: z.string(),
	Service: z.string(),
	State: z.string(),
	Health: z.string(),
	ExitCode: z.number(),
	Publishers: z
		.array(z.object({ URL: z.string(), PublishedPort: z.number() }))
		.nullable(),
});
export type Container = z.output<typeof container>;

/** The project of docker-compose.yml, by `docker compose`, with no .env. */
export class Project {
	readonly docker: Docker;

	readonly #variables: Readonly<Record<string, string>>;

	/** @param variables what `.env` could say */
	constructor(
		docker: Docker,
		variables: Readonly<Record<string, string>> = {},
	) {
		this.docker = docker;
		this.#variables = variables;
	}

	run(...args: string[]): Promise<string> {
		return run("docker", ["compose", "--env-file=/dev/null", ...args], {
			cwd: root,
			environment: { ...this.docker.environment, ...this.#variables },
		});
	}

	async containers(): Promise<Container[]> {
		const lines = await this.run("ps", "--all", "--format=json");
		return lines
			.trim()
			.split("\n")
			.map((line) => container.parse(JSON.parse(line)));
	}

	/** Each service's state, such as `running (healthy)` or `exited (0)`. */
	async states(): Promise<Record<string, string>> {
		return Object.fromEntries(
			(await this.containers()).map(({ Service, State, Health, ExitCode }) => [
				Service,
				`${State} (${State === "exited" ? ExitCode : Health || "no check"})`,
			]),
		);
	}

	/** What each running container was started with, by its service. */
	async processes(): Promise<Map<string, number>> {
		const running = (await this.containers()).filter(
			({ State }) => State === "running",
		);
		const ids = await this.docker.run(
			...["inspect", "--format={{.State.Pid}}"],
			...running.map(({ ID }) => ID),
		);
		const pids = ids.trim().split("\n").map(Number);
		return new Map(
			running.map(({ Service }, index) => [Service, pids[index] ?? 0]),
		);
	}
}
