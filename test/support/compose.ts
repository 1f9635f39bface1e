import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { composeProgram } from "../../scripts/compose/plugin.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const service = z.object({
	image: z.string(),
	user: z.string(),
	command: z.array(z.string()).nullable(),
	restart: z.string(),
	read_only: z.literal(true),
	cap_drop: z.array(z.string()),
	cap_add: z.array(z.string()).default([]),
	security_opt: z.array(z.string()),
	privileged: z.boolean().default(false),
	pid: z.string().optional(),
	mem_limit: z.coerce.number(),
	cpus: z.number(),
	pids_limit: z.number(),
	environment: z.record(z.string(), z.string().nullable()).default({}),
	logging: z.object({ options: z.record(z.string(), z.string()) }),
	depends_on: z
		.record(z.string(), z.object({ condition: z.string() }))
		.default({}),
	healthcheck: z
		.object({
			test: z.array(z.string()).optional(),
			disable: z.boolean().optional(),
		})
		.optional(),
	ports: z.array(z.object({ host_ip: z.string() })).default([]),
	volumes: z
		.array(
			z.object({
				type: z.string(),
				source: z.string(),
				target: z.string(),
				read_only: z.boolean().default(false),
			}),
		)
		.default([]),
});
export type Service = z.output<typeof service>;

/** Why Compose can't be had for tests; it must be had in CI, where no test may be skipped. */
export const composeObstacle = ((): string | undefined => {
	try {
		composeProgram();
		return undefined;
	} catch (error) {
		if (process.env.CI) throw error;
		process.stderr.write(`Tests are skipped: ${error}\n`);
		return String(error);
	}
})();

/** The services of docker-compose.yml as Compose itself reads them, with these variables and no .env. */
export function composeServices(
	environment: Readonly<Record<string, string>> = {},
): Record<string, Service> {
	const { status, stdout, stderr } = spawnSync(
		composeProgram(),
		["--env-file=/dev/null", "config", "--format=json"],
		{
			cwd: root,
			env: { PATH: process.env.PATH, ...environment },
			encoding: "utf8",
		},
	);
	if (status !== 0) throw new Error(stderr);
	return z
		.object({ services: z.record(z.string(), service) })
		.parse(JSON.parse(stdout)).services;
}
