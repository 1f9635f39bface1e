import { describe, expect, it } from "vitest";
import { readSettings } from "../../../supabase/functions/_shared/monitoring/environment.ts";

function read(environment: Record<string, string>) {
	const told: string[] = [];
	const settings = readSettings(
		(name) => environment[name],
		(name, right) => told.push(`${name}: ${right}`),
	);
	return { ...settings, told };
}

describe("the environment", () => {
	it("may be empty: then nothing is sent, and all else has its default", () => {
		expect(read({})).toMatchObject({
			level: "info",
			namespace: "adult_matching",
			endpoint: undefined,
			sendLogs: false,
			traceHosts: [],
			userIdSalt: undefined,
			told: [],
		});
	});

	it.each([
		["INFO", "info"],
		["debug", "debug"],
		["Warn", "warn"],
		["ERROR", "error"],
	])("gives the level %s in upper or lower case", (text, level) => {
		expect(read({ LOG_LEVEL: text }).level).toBe(level);
	});

	it("is told of what is wrong in it, by name and without the value", () => {
		const { told, ...settings } = read({
			LOG_LEVEL: "canary",
			METRIC_NAMESPACE: "canary!",
			OTEL_EXPORTER_OTLP_ENDPOINT: "https://me:canary@example.com",
			OTEL_EXPORTER_OTLP_HEADERS: "can ary=1",
		});
		expect(settings).toMatchObject({
			level: "info",
			namespace: "adult_matching",
			endpoint: undefined,
		});
		expect(told).toEqual([
			"LOG_LEVEL: debug, info, warn, error",
			"METRIC_NAMESPACE: letters, digits, _",
			"OTEL_EXPORTER_OTLP_ENDPOINT: a URL without a password",
			"OTEL_EXPORTER_OTLP_HEADERS: name=value",
		]);
	});

	it.each([
		["http://localhost:4318", "http://localhost:4318"],
		["https://otel.example.com/base/", "https://otel.example.com/base"],
		["localhost:4318", undefined],
		["ftp://example.com", undefined],
	])("gives the endpoint %s", (text, endpoint) => {
		const settings = read({ OTEL_EXPORTER_OTLP_ENDPOINT: text });
		expect(settings.endpoint).toBe(endpoint);
	});

	it("gives headers, percent-encoded, with all that a token may have", () => {
		const { headers, told } = read({
			OTEL_EXPORTER_OTLP_HEADERS:
				" authorization=Basic%20dTpwK2E9PQ== , x-tenant=a+b&c=d",
		});
		expect(told).toEqual([]);
		expect(Object.fromEntries(headers)).toEqual({
			authorization: "Basic dTpwK2E9PQ==",
			"content-encoding": "gzip",
			"content-type": "application/json",
			"x-tenant": "a+b&c=d",
		});
	});

	it("gives the hosts that traces go to, of the project and as named", () => {
		const { traceHosts } = read({
			SUPABASE_URL: "https://abc.supabase.co",
			MONITORING_TRACE_HOSTS:
				"http://localhost:8002/health, API.example.com,*.internal,,",
		});
		expect(traceHosts).toEqual([
			"abc.supabase.co",
			"localhost:8002",
			"api.example.com",
			"*.internal",
		]);
	});

	it("gives resource attributes", () => {
		const { resource } = read({
			ENVIRONMENT: "production",
			SB_REGION: "eu-west-1",
			OTEL_RESOURCE_ATTRIBUTES: "team=a%20b,service.version=1.2.3",
		});
		expect(resource).toMatchObject({
			"deployment.environment.name": "production",
			"cloud.region": "eu-west-1",
			team: "a b",
			"service.version": "1.2.3",
		});
	});
});
