import { z } from "zod";

// What the stack is asked, at the ports that it has on this machine.

const prometheus = "http://127.0.0.1:9090/api/v1";

async function json(url: string, options?: RequestInit): Promise<unknown> {
	const answer = await fetch(url, {
		...options,
		signal: AbortSignal.timeout(5000),
	});
	if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
	return answer.json();
}

/** The values of a label in Prometheus; names of metrics unless another is asked for. */
export async function labelValues(label = "__name__"): Promise<string[]> {
	const answer = z
		.object({ data: z.array(z.string()) })
		.parse(await json(`${prometheus}/label/${label}/values`));
	return answer.data;
}

/** Scrape job → `up`, `down` or `unknown`. */
export async function targets(): Promise<Record<string, string>> {
	const target = z.object({
		labels: z.object({ job: z.string() }),
		health: z.string(),
	});
	const { data } = z
		.object({ data: z.object({ activeTargets: z.array(target) }) })
		.parse(await json(`${prometheus}/targets`));
	return Object.fromEntries(
		data.activeTargets.map(({ labels, health }) => [labels.job, health]),
	);
}

const span = z.object({ traceId: z.string(), service: z.string() });

/** The traces that Tempo's stand-in has. */
export async function traces() {
	return z
		.array(z.array(span))
		.parse(await json("http://127.0.0.1:3200/traces"));
}

/** Asks the demo for recommendations, as a user would; gives the trace's id. */
export async function request(): Promise<string> {
	const user = "00000000-0000-4000-8000-000000000007";
	const answer = await fetch(
		`http://127.0.0.1:54321/functions/v1/enhanced_two_tower_recommendations?user_id=${user}&limit=3`,
	);
	if (!answer.ok) throw new Error(`the demo answered ${answer.status}`);
	return answer.headers.get("traceresponse")?.split("-")[1] ?? "";
}

/** Components that the monitor does not find healthy. */
export async function unwell(): Promise<string[]> {
	const component = z.object({
		name: z.string(),
		state: z.string(),
		reason: z.string().optional(),
	});
	const { integration } = z
		.object({
			integration: z.object({
				groups: z.array(z.object({ components: z.array(component) })),
			}),
		})
		.parse(await json("http://127.0.0.1:8000/status"));
	return integration.groups
		.flatMap(({ components }) => components)
		.filter(({ state }) => state !== "healthy")
		.map(({ name, state, reason }) => `${name} is ${state}: ${reason}`);
}

/** How the collector's port for edge functions answers. */
export async function edgeStatus(token: string) {
	const post = async (headers: Record<string, string>) => {
		const answer = await fetch("http://127.0.0.1:4319/v1/traces", {
			method: "POST",
			headers: { "content-type": "application/json", ...headers },
			body: "{}",
		});
		return answer.status;
	};
	return {
		without: await post({}),
		with: await post({ authorization: `Bearer ${token}` }),
	};
}

/** The receiver of Alertmanager's route. */
export async function receiver(): Promise<string> {
	const { config } = z
		.object({ config: z.object({ original: z.string() }) })
		.parse(await json("http://127.0.0.1:9093/api/v2/status"));
	return /receiver: (\S+)/.exec(config.original)?.[1] ?? "";
}
