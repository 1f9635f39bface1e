import { z } from "zod";
import { ask } from "./ask.ts";

export const alertmanager =
	process.env.ALERTMANAGER_URL || "http://localhost:9093";

const alerts = z.array(
	z.object({ receivers: z.array(z.object({ name: z.string() })) }),
);

/** Whom Alertmanager tells of the test; `undefined` while it does not hold it. */
export async function receiverOf(ping: string): Promise<string | undefined> {
	const filter = new URLSearchParams({ filter: `ping="${ping}"` });
	const answer = await ask(alertmanager, `/api/v2/alerts?${filter}`);
	return alerts.parse(JSON.parse(answer))[0]?.receivers[0]?.name;
}

/** How often Alertmanager has sent, and how often in vain, by way: it does not say it of a single alert. */
export interface Deliveries {
	readonly sent: ReadonlyMap<string, number>;
	readonly failed: ReadonlyMap<string, number>;
}

export async function deliveries(): Promise<Deliveries> {
	const text = await ask(alertmanager, "/metrics");
	const counts = (name: string) =>
		new Map(
			[
				...text.matchAll(
					RegExp(
						`^alertmanager_notification_requests_${name}\\{integration="(\\w+)"[^}]*\\} (\\S+)$`,
						"gm",
					),
				),
			].map(([, way = "", count]): [string, number] => [way, Number(count)]),
		);
	return { sent: counts("total"), failed: counts("failed_total") };
}

/** The ways by which something was delivered since, and those that failed. */
export function changes(before: Deliveries, now: Deliveries) {
	const grown = (part: keyof Deliveries, way: string) =>
		(now[part].get(way) ?? 0) - (before[part].get(way) ?? 0);
	const ways = [...now.sent.keys()];
	return {
		delivered: ways.filter((way) => grown("sent", way) > grown("failed", way)),
		failed: ways.filter((way) => grown("failed", way) > 0),
	};
}
