import { z } from "zod";
import { ask } from "./ask.ts";

export const prometheus = process.env.PROMETHEUS_URL || "http://localhost:9090";

const series = z.object({ data: z.object({ result: z.array(z.unknown()) }) });
const alerts = z.object({
	data: z.object({
		alerts: z.array(
			z.object({ labels: z.record(z.string(), z.string()), state: z.string() }),
		),
	}),
});

export async function hasSample(ping: string): Promise<boolean> {
	const query = `adult_matching_alert_ping{ping="${ping}"} == 1`;
	const parameters = new URLSearchParams({ query });
	const answer = await ask(prometheus, `/api/v1/query?${parameters}`);
	return series.parse(JSON.parse(answer)).data.result.length > 0;
}

export async function fires(ping: string): Promise<boolean> {
	const answer = await ask(prometheus, "/api/v1/alerts");
	return alerts
		.parse(JSON.parse(answer))
		.data.alerts.some(
			({ labels, state }) => labels.ping === ping && state === "firing",
		);
}
