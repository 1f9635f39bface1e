// CPU, memory and punctuality of 1,000 probes every 15 s, a tenth of whose targets hang, beside blackbox_exporter driven at
// the same rate. The peer is Debian's package prometheus-blackbox-exporter.
// node scripts/build.ts && node bench/probes.ts [minutes]
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { samplesOf } from "../test/support/prometheus-text.ts";
import { Candidate } from "./candidate.ts";

const minutes = Number(process.argv[2] ?? 3);
const targets = 1000;
const hangingEvery = 10;
const interval = 15;
const blackbox =
	process.env.BLACKBOX_EXPORTER ?? "prometheus-blackbox-exporter";

const folder = mkdtempSync(join(tmpdir(), "bench-probes-"));
const server = createServer((request, response) => {
	if (request.method === "POST") {
		request.resume();
		response.setHeader("content-type", "application/json");
		response.end("{}");
	} else if (!request.url?.includes("/hang/")) {
		response.end('{"status":"healthy"}');
	}
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
const urls = Array.from({ length: targets }, (_, index) =>
	index % hangingEvery === 0
		? `${origin}/hang/${index}`
		: `${origin}/well/${index}`,
);

writeFileSync(
	join(folder, "blackbox.yml"),
	"modules: {http_2xx: {prober: http, timeout: 10s}}",
);
function config(history: string): string {
	const file = join(folder, `${history}.json`);
	const endpoints = Object.fromEntries(
		urls.map((url, index) => [`target_${index}`, url]),
	);
	const content = {
		check_interval: interval,
		endpoints,
		history: { path: join(folder, `${history}.sqlite`) },
	};
	writeFileSync(file, JSON.stringify(content));
	return file;
}

const cli = new URL("../dist/cli.js", import.meta.url).pathname;
// No database is monitored, nor started; the system's own collections are far apart, so that probes are compared.
const alone = {
	DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
	MONITORING_INTERVAL: "3600",
};
const monitor = (name: string, more: Readonly<Record<string, string>> = {}) =>
	Candidate.start(
		name,
		folder,
		(port) => [
			process.execPath,
			cli,
			"start",
			"-p",
			`${port}`,
			"-c",
			config(name.replaceAll(/\W+/g, "-")),
		],
		{ ...alone, ...more },
	);
const peer = await Candidate.start("blackbox_exporter", folder, (port) => [
	blackbox,
	`--config.file=${join(folder, "blackbox.yml")}`,
	`--web.listen-address=127.0.0.1:${port}`,
	"--log.level=error",
]);
const candidates = [
	await monitor("this monitor"),
	await monitor("this monitor, traces sent", {
		OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${origin}/v1/traces`,
	}),
	peer,
];

/** Asks the peer for each target at its turn, as Prometheus would: spread over the interval. */
function drive(): NodeJS.Timeout {
	let next = 0;
	return setInterval(
		() => {
			const target = encodeURIComponent(urls[next % targets] ?? "");
			next += 1;
			const path = `/probe?module=http_2xx&target=${target}`;
			const headers = { "X-Prometheus-Scrape-Timeout-Seconds": "10.5" };
			get({ host: "127.0.0.1", port: peer.port, path, headers }, (response) =>
				response.resume(),
			).on("error", () => {});
		},
		(interval * 1000) / targets,
	);
}

async function metrics({ url }: Candidate) {
	const response = await fetch(`${url}/metrics`);
	return samplesOf(await response.text());
}

await sleep(3000);
const driving = drive();
await sleep(2 * interval * 1000);
const before = await Promise.all(candidates.slice(0, 2).map(metrics));
const usedBefore = candidates.map((candidate) => candidate.cpu());
const from = performance.now();
while (performance.now() - from < minutes * 60_000) {
	await sleep(1000);
	for (const candidate of candidates) candidate.noteMemory();
}
const seconds = (performance.now() - from) / 1000;
const used = candidates.map(
	(candidate, index) => candidate.cpu() - (usedBefore[index] ?? 0),
);
const after = await Promise.all(candidates.slice(0, 2).map(metrics));

const probes = (seconds / interval) * targets;
console.log(
	"| | CPU a probe, ms | of blackbox_exporter's | highest memory, MB |",
);
console.log("| --- | --- | --- | --- |");
const reference = used.at(-1) ?? 0;
candidates.forEach(({ name, highest }, index) => {
	const cpu = used[index] ?? 0;
	console.log(
		`| ${name} | ${((cpu * 1000) / probes).toFixed(2)} | ${(cpu / reference).toFixed(2)} | ${highest.toFixed(0)} |`,
	);
});

type Samples = Awaited<ReturnType<typeof metrics>>;

function total(samples: Samples, name: string, le?: string): number {
	return samples
		.filter((each) => each.name === `adult_matching_${name}`)
		.filter((each) => le === undefined || each.labels.le === le)
		.reduce((sum, { value }) => sum + value, 0);
}

console.log("\n| | probes | missed | began within 0.05 s | within 0.25 s |");
console.log("| --- | --- | --- | --- | --- |");
candidates.slice(0, 2).forEach(({ name }, index) => {
	const during = (metric: string, le?: string) =>
		total(after[index] ?? [], metric, le) -
		total(before[index] ?? [], metric, le);
	const count = during("check_delay_seconds_count");
	const share = (le: string) =>
		`${((100 * during("check_delay_seconds_bucket", le)) / count).toFixed(2)} %`;
	console.log(
		`| ${name} | ${count} of ${probes.toFixed(0)} | ${during("checks_skipped_total")} | ${share("0.05")} | ${share("0.25")} |`,
	);
});

clearInterval(driving);
for (const candidate of candidates) await candidate.end();
server.closeAllConnections();
server.close();
rmSync(folder, { recursive: true, force: true });
