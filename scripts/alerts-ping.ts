// Sends a marked test alert the whole way, and follows it until it was delivered: npm run alerts:ping
// Addresses: OTEL_EXPORTER_OTLP_ENDPOINT and _HEADERS, PROMETHEUS_URL, ALERTMANAGER_URL; else this machine's usual ports.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
	alertmanager,
	changes,
	deliveries,
	receiverOf,
} from "./alerts-ping/alertmanager.ts";
import { collector, sendPing } from "./alerts-ping/collector.ts";
import { fires, hasSample, prometheus } from "./alerts-ping/prometheus.ts";

/** Prometheus looks at its rules every 15 s, and what waits in the collector's queue is sent within as much. */
const patience = 60;
const ping = randomBytes(3).toString("hex");
const begin = performance.now();

class Stuck extends Error {}

console.log(`Test ${ping}`);
try {
	// Those behind the collector first: without them nothing could be followed.
	await station(prometheus, "Prometheus answers", "prometheus", () =>
		hasSample(ping).then(() => true),
	);
	const before = await station(
		alertmanager,
		"Alertmanager answers",
		"alertmanager",
		deliveries,
	);
	await station(collector, "the collector took it", "otel-collector", () =>
		sendPing(ping, 1).then(() => true),
	);
	try {
		await follow(before);
	} finally {
		// Without this it ends as well, 5 minutes later.
		await sendPing(ping, 0).catch(() => {});
	}
} catch (error) {
	console.error(error instanceof Stuck ? error.message : error);
	process.exitCode = 1;
}

async function follow(
	before: Awaited<ReturnType<typeof deliveries>>,
): Promise<void> {
	await arrival(
		"Prometheus has it",
		"docker compose logs --tail 20 otel-collector, which sends it on, and its queue: otelcol_exporter_queue_size",
		() => hasSample(ping),
	);
	await arrival(
		"its rule AlertPing fires",
		`the rules at ${prometheus}/rules: is prometheus/rules/pipeline.yaml among them?`,
		() => fires(ping),
	);
	const receiver = await arrival(
		"Alertmanager holds it",
		`docker compose logs --tail 20 prometheus, and ${prometheus}/status: is ${alertmanager} the Alertmanager that it sends to?`,
		() => receiverOf(ping),
	);
	if (receiver === "kept") {
		throw new Stuck(
			"Stuck: Alertmanager tells nobody. Set ALERT_WEBHOOK_URL or ALERT_GENERIC_WEBHOOK_URL, and start it again",
		);
	}
	const where = "docker compose logs --tail 20 alertmanager has the reason";
	const ways = receiver.split("-and-").length;
	const delivered = await arrival("it was delivered", where, async () => {
		const { delivered, failed } = changes(before, await deliveries());
		if (failed.length > 0) {
			throw new Stuck(
				`Stuck: Alertmanager could not deliver by ${failed.join(", ")}; it tries again. ${where}`,
			);
		}
		return delivered.length >= ways && delivered.join(" and by ");
	});
	console.log(`Look for "${ping}" in what came by ${delivered}.`);
}

/** Something that has to answer at once. */
async function station<Answer>(
	address: string,
	name: string,
	service: string,
	ask: () => Promise<Answer>,
): Promise<Answer> {
	try {
		const answer = await ask();
		say(name);
		return answer;
	} catch (error) {
		throw new Stuck(
			`Stuck: ${address} does not do its part (${reason(error)}). Look at: docker compose ps ${service}, docker compose logs --tail 20 ${service}`,
		);
	}
}

/** Something that has to come within a while. */
async function arrival<Found>(
	name: string,
	lookAt: string,
	ask: () => Promise<Found | undefined | false>,
): Promise<Found> {
	const limit = performance.now() + patience * 1000;
	while (performance.now() < limit) {
		const found = await ask();
		if (found !== undefined && found !== false) {
			say(name);
			return found;
		}
		await sleep(200);
	}
	throw new Stuck(
		`Stuck: after ${patience} s it is still not so that ${name}. Look at: ${lookAt}`,
	);
}

function say(what: string): void {
	const seconds = (performance.now() - begin) / 1000;
	console.log(`${seconds.toFixed(1).padStart(5)} s  ${what}`);
}

/** Why a request failed: fetch itself only says that it did. */
function reason(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return error.cause instanceof Error
		? error.cause.message || error.message
		: error.message;
}
