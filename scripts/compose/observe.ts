import { setTimeout as sleep } from "node:timers/promises";
import { memoryKills, memoryOf } from "./memory.ts";
import { Project } from "./project.ts";
import {
	edgeStatus,
	labelValues,
	receiver,
	request,
	targets,
	traces,
	unwell,
} from "./questions.ts";
import { grafanaFacts, type Report } from "./report.ts";

/** Brings the stack up, waits for all of it to have data, and looks at it. */
export async function observe(project: Project): Promise<Report> {
	const begin = performance.now();
	const seconds = () => Math.round((performance.now() - begin) / 100) / 10;
	const up = project.run("up", "--wait", "--wait-timeout=300", "--no-build");
	const [healthy, metrics, trace] = await Promise.all([
		up.then(seconds),
		until(async () =>
			(await labelValues()).includes("adult_matching_system_cpu_percent"),
		).then(seconds),
		until(async () => (await traces()).length > 0).then(seconds),
	]);
	const traceId = await request();
	const spans = await until(async () => {
		const found = (await traces()).find((each) => each[0]?.traceId === traceId);
		return found !== undefined && found.length >= 6 && found;
	});
	await until(async () =>
		(await labelValues()).includes("adult_matching_edge_requests_total"),
	);
	const edgeMetrics = seconds();
	await until(async () =>
		Object.values(await targets()).every((health) => health === "up"),
	);
	await until(async () => (await unwell()).length === 0).catch(() => {});
	const containers = await project.containers();
	const processes = await project.processes();
	const token = await project.run(
		...["run", "--rm", "--no-deps", "-T", "setup", "show", "edge-token/token"],
	);
	const found = {
		secondsTo: { healthy, metrics, trace, edgeMetrics },
		services: await project.states(),
		memory: memoryOf(processes),
		memoryKills: memoryKills(processes),
		metrics: (await labelValues()).filter(isOurs),
		targets: await targets(),
		traceServices: [...new Set(spans.map(({ service }) => service))].sort(),
		unwell: await unwell(),
		edgeStatus: await edgeStatus(token.trim()),
		boundTo: [
			...new Set(
				containers.flatMap(({ Publishers }) =>
					(Publishers ?? [])
						.filter(({ PublishedPort }) => PublishedPort > 0)
						.map(({ URL }) => URL),
				),
			),
		],
		grafana: grafanaFacts.parse(
			await (await fetch("http://127.0.0.1:3000/facts")).json(),
		),
		setup: await project.run("logs", "--no-log-prefix", "setup"),
		alertReceiver: await receiver(),
		mountPoints: await labelValues("mountpoint"),
	};
	// Last, as it ends a part of what was looked at.
	return { ...found, withoutDemo: await leaveDemoOut(project) };
}

/** Starts the same project as the one setting has it that leaves the demo out, and gives the services' states. */
async function leaveDemoOut({
	docker,
}: Project): Promise<Report["withoutDemo"]> {
	const project = new Project(docker, { COMPOSE_FILE: "docker-compose.yml" });
	await project.run("up", "--wait", "--no-build", "--remove-orphans");
	return project.states();
}

/** The rest are those that each program has of itself. */
function isOurs(name: string): boolean {
	return name.startsWith("adult_matching_") || name.startsWith("traces_");
}

/**
 * Asks until the answer is something, and gives it.
 * @throws Error if that takes more than five minutes
 */
async function until<Answer>(
	question: () => Promise<Answer | false>,
): Promise<Answer> {
	const end = performance.now() + 300_000;
	for (let last: unknown; ; await sleep(250)) {
		try {
			const answer = await question();
			if (answer) return answer;
		} catch (error) {
			last = error;
		}
		if (performance.now() > end) {
			throw new Error(`this did not come: ${question}`, { cause: last });
		}
	}
}
