import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sources } from "../../scripts/programs/sources.ts";
import { prometheusFlags } from "../../scripts/stack/prometheus-flags.ts";
import {
	composeObstacle,
	composeServices,
	type Service,
} from "../support/compose.ts";

const mebibyte = 1024 ** 2;
const own = { COMPOSE_FILE: "docker-compose.yml" };

describe.skipIf(composeObstacle !== undefined)("docker-compose.yml", () => {
	const all = composeObstacle === undefined ? composeServices() : {};
	const each = Object.entries(all);
	const lasting = each.filter(([name]) => name !== "setup");

	test("has the demo unless COMPOSE_FILE leaves it out, and needs nothing of it then", () => {
		const pipeline = [
			...["alertmanager", "grafana", "monitor", "otel-collector"],
			...[
				"otel-collector-health",
				"prometheus",
				"setup",
				"tempo",
				"tempo-health",
			],
		];
		expect(Object.keys(composeServices(own)).sort()).toEqual(pipeline);
		expect(Object.keys(all).sort()).toEqual(
			[...pipeline, "demo", "postgres"].sort(),
		);
	});

	test("pins every image to a full version", () => {
		for (const [name, { image }] of each) {
			expect(image, name).toMatch(/:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
		}
	});

	test("pins the versions that the tests' own programs have", () => {
		const images = each.map(([, { image }]) => image);
		for (const { version } of sources) {
			const pinned = images.filter((image) =>
				new RegExp(`:v?${version.replaceAll(".", "\\.")}$`).test(image),
			);
			expect(pinned, version).not.toEqual([]);
		}
	});

	test("limits memory to 1.5 GiB in sum, and to 2 GiB with the demo", () => {
		expect(memoryOf(composeServices(own))).toBeLessThanOrEqual(1536 * mebibyte);
		expect(memoryOf(all)).toBeLessThanOrEqual(2048 * mebibyte);
	});

	test.each(each)(
		"lets %s have no more than it needs",
		(_, { cap_drop, security_opt, cpus, pids_limit, logging, ...service }) => {
			expect(cap_drop).toEqual(["ALL"]);
			expect(security_opt).toEqual(["no-new-privileges:true"]);
			expect(service.privileged).toBe(false);
			expect(service.pid).toBeUndefined();
			// More than one is refused on a machine that has one.
			expect(cpus).toBeLessThanOrEqual(1);
			expect(pids_limit).toBeGreaterThan(0);
			expect(logging.options).toEqual({ "max-size": "10m", "max-file": "3" });
		},
	);

	test.each(lasting)("keeps %s running, and not as root", (_, service) => {
		expect(service.restart).toBe("unless-stopped");
		expect(service.user).toMatch(/^[1-9]\d*:\d+$/);
		expect(service.cap_add).toEqual([]);
	});

	test("checks the health of every service, or has a neighbour that does", () => {
		const dockerfile = readFileSync("Dockerfile", "utf8");
		expect(dockerfile.match(/^HEALTHCHECK/gm)).toHaveLength(2);
		const byImage = ["monitor", "demo"];
		for (const [name, { healthcheck }] of lasting) {
			const checks =
				healthcheck?.test ??
				all[`${name}-health`]?.healthcheck?.test ??
				byImage.filter((other) => other === name);
			expect(checks, name).not.toEqual([]);
		}
	});

	test("starts a service when those that it needs are well, not only there", () => {
		const plain = each.flatMap(([name, { depends_on }]) =>
			Object.entries(depends_on)
				.filter(([, { condition }]) => condition === "service_started")
				.map(([needed]) => `${name} needs ${needed}`),
		);
		expect(plain.sort()).toEqual([
			"otel-collector-health needs otel-collector",
			"tempo-health needs tempo",
		]);
	});

	test("binds ports to this machine alone, or to BIND", () => {
		expect(addresses(all)).toEqual(["127.0.0.1"]);
		const elsewhere = composeServices({ BIND: "192.0.2.1" });
		expect(addresses(elsewhere)).toEqual(["192.0.2.1"]);
	});

	test("writes to volumes only: what it mounts of the host is read-only", () => {
		for (const [name, { volumes }] of each) {
			const writable = volumes.filter(
				({ type, read_only }) => type === "bind" && !read_only,
			);
			expect(writable, name).toEqual([]);
		}
	});

	test("watches a database and functions of one's own by variables alone", () => {
		const variables = {
			DATABASE_URL: "postgres://monitor@db.example.com/postgres",
			SUPABASE_URL: "https://ref.supabase.co",
			SUPABASE_ANON_KEY: "key",
		};
		const settings = { MONITORING_CONFIG: "./package.json", ...variables };
		for (const files of [{}, own]) {
			const { monitor } = composeServices({ ...settings, ...files });
			expect(monitor?.environment).toMatchObject(variables);
			expect(
				monitor?.volumes.find(({ target }) => target.endsWith(".yaml"))?.source,
			).toMatch(/package\.json$/);
		}
	});

	test("gives Prometheus the flags that the tests run it with", () => {
		expect(all.prometheus?.command).toEqual(
			expect.arrayContaining([...prometheusFlags]),
		);
	});

	test("gives secrets to the set-up alone", () => {
		const secrets = ["ALERT_WEBHOOK_URL", "EDGE_TOKEN", "HEARTBEAT_TOKEN"];
		const values = secrets.map((name) => [name, `secret-of-${name}`]);
		const services = composeServices(Object.fromEntries(values));
		const holders = Object.entries(services).filter(([, service]) =>
			JSON.stringify(service).includes("secret-of-"),
		);
		expect(holders.map(([name]) => name)).toEqual(["setup"]);
	});
});

function memoryOf(services: Readonly<Record<string, Service>>): number {
	return Object.values(services).reduce(
		(sum, { mem_limit }) => sum + mem_limit,
		0,
	);
}

function addresses(services: Readonly<Record<string, Service>>): string[] {
	const ports = Object.values(services).flatMap((service) => service.ports);
	return [...new Set(ports.map(({ host_ip }) => host_ip))];
}
