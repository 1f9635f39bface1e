// Response time of a function with the collector healthy, absent, hanging and answering 500, in pairs with the healthy one.
// A second function with a healthy one shows what the differences are without a reason.
// node bench/edge-collector.ts [rounds]
import { join } from "node:path";
import {
	request,
	start,
	startCollector,
	stop,
	stopCollector,
} from "./edge/run.ts";
import { median } from "./median.ts";

const rounds = Number(process.argv[2] ?? 300);
const requestsARound = 50;

const healthy = await startCollector();
const hanging = await startCollector(() => {});
const failing = await startCollector((response) => {
	response.statusCode = 500;
	response.end();
});
// A port that was free a moment ago: those that fetch itself refuses would be no test.
const absent = await startCollector();
stopCollector(absent);
const endpoints = {
	healthy: healthy.url,
	"healthy, again": healthy.url,
	absent: absent.url,
	hanging: hanging.url,
	"answering 500": failing.url,
};

const program = {
	name: "function",
	file: "library.mjs",
	folder: join(import.meta.dirname, "edge"),
	environment: { LOG_LEVEL: "error" },
};
const functions = await Promise.all(
	Object.entries(endpoints).map(async ([name, url]) => {
		const wall: number[] = [];
		const worst: number[] = [];
		return { name, running: await start(program, url), wall, worst };
	}),
);
for (const { running } of functions) {
	for (let warm = 0; warm < 2000; warm++) await request(running);
}
for (let round = 0; round < rounds; round++) {
	// Each is as often the first as the last.
	const first = round % functions.length;
	const order = [...functions.slice(first), ...functions.slice(0, first)];
	for (const { running, wall, worst } of order) {
		const times: number[] = [];
		for (let one = 0; one < requestsARound; one++) {
			const from = performance.now();
			await request(running);
			times.push(performance.now() - from);
		}
		wall.push(median(times));
		worst.push(Math.max(...times));
	}
}

const [reference] = functions;
console.log(
	"| collector | median of a round's medians, ms | difference to healthy, ms | median of a round's worst, ms |",
);
console.log("| --- | --- | --- | --- |");
for (const { name, wall, worst } of functions) {
	const pairs = wall.map((each, round) => each - (reference?.wall[round] ?? 0));
	console.log(
		`| ${name} | ${median(wall).toFixed(3)} | ${median(pairs).toFixed(3)} | ${median(worst).toFixed(2)} |`,
	);
}
for (const { running } of functions) stop(running);
for (const collector of [healthy, hanging, failing]) stopCollector(collector);
