// Sends life-like load to the demo's edge functions, and says what came back.
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { Counts } from "./traffic/counts.ts";
import { type Members, nextVisit } from "./traffic/visits.ts";

/** Requests under way, above which no new one is begun: they would only wait. */
const most = 200;

const { url, rate, seconds } = new Command("demo:traffic")
	.description("Sends life-like load to the demo's edge functions.")
	.option("--rate <number>", "requests a second, on average", positive, 5)
	.option("--seconds <number>", "for how long; else until Ctrl-C", positive)
	.option("--url <url>", "where they are", "http://127.0.0.1:54321")
	.parse()
	.opts<{ url: string; rate: number; seconds?: number }>();

const counts = new Counts();
const members: Members = new Set();
const underWay = new Set<Promise<void>>();
const stopping = new AbortController();
process.once("SIGINT", () => stopping.abort());
process.once("SIGTERM", () => stopping.abort());
const end = performance.now() + (seconds ?? Number.POSITIVE_INFINITY) * 1000;
const progress = setInterval(
	() => console.log(`${counts.sum()} answers`),
	10_000,
);

while (!stopping.signal.aborted && performance.now() < end) {
	if (underWay.size < most) {
		const visit = send().finally(() => underWay.delete(visit));
		underWay.add(visit);
	}
	// People don't wait for each other: the pauses between them are exponentially distributed.
	const pause = (-1000 * Math.log(1 - Math.random())) / rate;
	await sleep(pause, undefined, stopping).catch(() => {});
}
clearInterval(progress);
await Promise.all(underWay);
console.log(counts.lines().join("\n"));

async function send(): Promise<void> {
	const visit = nextVisit();
	const begin = performance.now();
	let outcome: number | string;
	try {
		const response = await visit.send(`${url}/functions/v1`, members);
		await response.arrayBuffer();
		outcome = response.status;
	} catch (error) {
		outcome = `no answer (${error instanceof Error ? error.message : error})`;
	}
	counts.add(visit.name, outcome, performance.now() - begin);
}

function positive(text: string): number {
	const number = Number(text);
	if (number > 0 && Number.isFinite(number)) return number;
	throw new InvalidArgumentError("It should be a number above 0.");
}
