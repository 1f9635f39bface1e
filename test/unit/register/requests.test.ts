import { expect, test } from "vitest";
import { isHealthCheck } from "../../../src/register/requests.ts";

test.each([
	"/health",
	"/healthz",
	"/livez",
	"/ready",
	"/readyz",
	"/metrics",
	"/health/",
	"/health?verbose=1",
])("%s is a health check", (url) => {
	expect(isHealthCheck(url)).toBe(true);
});

test.each([
	"/",
	"",
	"/healthy",
	"/health/records",
	"/api/health",
	"/?/health",
	"*",
])("%j is a request", (url) => {
	expect(isHealthCheck(url)).toBe(false);
});
