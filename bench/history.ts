// The history of 50 probes at 30 s for 30 days: its size, and how long it takes to write, open and query.
// node bench/history.ts
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openHistory } from "../src/history/history.ts";

const probes = 50;
const interval = 30_000;
const days = 30;
const day = 86_400_000;
const rounds = (days * day) / interval;

const folder = mkdtempSync(join(tmpdir(), "bench-history-"));
const options = {
	path: join(folder, "history.sqlite"),
	retentionDays: days,
	log: console,
};
const end = Date.now();

measure("write all", () => {
	const history = openHistory(options);
	for (let round = 1; round <= rounds; round += 1) {
		for (let probe = 0; probe < probes; probe += 1) {
			history.record(entryOf(round, probe));
		}
		if (round % 20 === 0) history.entries("system", end);
	}
	history.close();
	return rounds * probes;
});
const { size } = statSync(options.path);
console.log(
	`${(size / 1e6).toFixed(0)} MB, ${(size / rounds / probes).toFixed(1)} bytes an entry`,
);

const history = measure("open", () => openHistory(options));
for (const name of ["one probe", "all probes"]) {
	const probe = name === "one probe" ? nameOf(7) : undefined;
	for (const hours of [1, 24]) {
		measure(`${hours} h of ${name}`, () => {
			return history.entries("integration", end - hours * 3_600_000, probe)
				.length;
		});
	}
}
measure(`${days} d of one probe`, () => {
	return history.entries("integration", end - days * day, nameOf(7)).length;
});
history.close();
rmSync(folder, { recursive: true });

function entryOf(round: number, probe: number) {
	const isHealthy = Math.random() < 0.98;
	return {
		// Spread over the interval, as the scheduler does.
		at: end - (rounds - round) * interval - (probe * interval) / probes,
		scope: "integration" as const,
		name: nameOf(probe),
		state: isHealthy ? "healthy" : "unhealthy",
		reason: isHealthy ? "answered 200" : `answered ${500 + (round % 12)}`,
		traceId: crypto.randomUUID().replaceAll("-", ""),
		durationMs: Math.random() * 500,
	};
}

function nameOf(probe: number): string {
	return `backend_services/service_${probe}`;
}

function measure<Result>(what: string, work: () => Result): Result {
	const begin = performance.now();
	const result = work();
	const ms = performance.now() - begin;
	const count = typeof result === "number" ? `, ${result} entries` : "";
	console.log(`${what}: ${ms.toFixed(1)} ms${count}`);
	return result;
}
