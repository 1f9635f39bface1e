import { randomBytes } from "node:crypto";

/** Texts that must not be stored, as they stand in the midst of others. */
const texts = [
	"login with password=canary-hunter2 failed",
	'{"api_key": "canary api key", "rows": 3}',
	"sent Bearer canary.bearer.token/0123456789==",
	"got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canary-signature",
	"user canary.name+tag@mail.example.com is new",
	"Set-Cookie: sid=canary; Path=/; HttpOnly",
	"from 203.0.113.77 to 10.0.0.1",
	"from 198.51.100.78, again",
	"from 2001:db8:85a3::8a2e:370:7334",
	"by Mozilla/5.0 (X11; Linux x86_64) canary/1.0",
	"GET https://canary:canary@example.com/feed?name=canary&page=2#token=canary",
	'Key (email)=(canary) already exists: ("canary")',
	"sk_live_canary0123456789abcdef",
];
/** What of them is not to be found afterwards. */
export const forbidden =
	/canary|203\.0\.113\.77|198\.51\.100\.78|2001:db8:85a3|hunter2/i;

/** Values that are secret, or personal, because of their keys alone. */
const values: Readonly<Record<string, string>> = {
	password: "canary",
	"process.environment_variable.DB_PASSWORD": "canary",
	"db.password": "canary",
	"app.secret": "canary",
	"session.token": "canary",
	"http.request.header.authorization": "canary",
	"http.request.header.x-anything": "canary",
	"http.response.header.set-cookie": "canary",
	cookie: "canary",
	"user.email": "canary",
	"user.id": "canary",
	"enduser.id": "canary",
	"client.address": "canary",
	"network.peer.address": "canary",
	"http.client_ip": "canary",
	"user_agent.original": "canary",
	"http.user_agent": "canary",
	"url.query": "canary",
	"url.full": "https://example.com/feed?canary",
	"http.target": "/feed?canary",
	"db.query.parameter.0": "canary",
	"process.command_line": "server --key canary",
};

const string = (stringValue: string) => ({ stringValue });

function canaryAttributes(more: Readonly<Record<string, string>> = {}) {
	const all = texts.join(" | ");
	const nested = {
		values: [
			string(all),
			{
				kvlistValue: { values: [{ key: "password", value: string("canary") }] },
			},
		],
	};
	return [
		...Object.entries({ ...values, ...more }).map(([key, value]) => ({
			key,
			value: string(value),
		})),
		...texts.map((text, at) => ({ key: `text.${at}`, value: string(text) })),
		{ key: "listed", value: { arrayValue: nested } },
		{ key: "cookie.list", value: { arrayValue: nested } },
		{ key: "kept", value: string("kept") },
		{ key: "answer", value: { intValue: "42" } },
	];
}

const joined = texts.join("\n");
const now = () => `${Date.now()}000000`;
const scope = () => ({
	name: `scope ${joined}`,
	version: joined,
	attributes: canaryAttributes(),
});
const resource = (service: string) => ({
	attributes: canaryAttributes({ "service.name": service }),
});

/** A trace with canaries in every field that takes text, but for links, which the collector can't look into. */
export function canaryTraces(service: string, traceId: string) {
	const spans = ["", ...texts].map((text) => ({
		traceId,
		spanId: randomBytes(8).toString("hex"),
		traceState: "vendor=canary@example.com",
		name: `kept ${text}`,
		kind: 2,
		startTimeUnixNano: now(),
		endTimeUnixNano: now(),
		attributes: canaryAttributes(),
		events: [
			{
				timeUnixNano: now(),
				name: `event ${joined}`,
				attributes: canaryAttributes({ "exception.message": joined }),
			},
		],
		status: { code: 2, message: `status ${joined}` },
	}));
	return {
		resourceSpans: [
			{
				resource: resource(service),
				scopeSpans: [{ scope: scope(), spans }],
			},
		],
	};
}

/** Metrics of each kind, with canaries in every field that takes text. */
export function canaryMetrics(service: string, traceId: string) {
	const point = {
		startTimeUnixNano: now(),
		timeUnixNano: now(),
		attributes: canaryAttributes(),
		exemplars: [
			{
				traceId,
				spanId: "00000000000000aa",
				timeUnixNano: now(),
				asDouble: 1,
				filteredAttributes: canaryAttributes(),
			},
		],
	};
	const description = `described ${joined}`;
	const number = { ...point, asDouble: 1 };
	const histogram = {
		...point,
		count: "1",
		sum: 1,
		bucketCounts: ["1", "0"],
		explicitBounds: [2],
	};
	const sum = (aggregationTemporality: number) => ({
		aggregationTemporality,
		isMonotonic: true,
		dataPoints: [number],
	});
	const metrics = [
		{ name: "kept_cumulative", description, sum: sum(2) },
		{ name: "kept_delta", description, sum: sum(1) },
		{ name: "kept_gauge", description, gauge: { dataPoints: [number] } },
		{
			name: "kept_histogram",
			description,
			unit: "canary@example.com",
			histogram: { aggregationTemporality: 2, dataPoints: [histogram] },
		},
		{
			name: "kept canary@example.com",
			description,
			gauge: { dataPoints: [number] },
		},
	];
	return {
		resourceMetrics: [
			{
				resource: resource(service),
				scopeMetrics: [{ scope: scope(), metrics }],
			},
		],
	};
}

/** Log records with canaries in every field that takes text, as their bodies too. */
export function canaryLogs(service: string) {
	const [, list] = canaryAttributes().slice(-4);
	const bodies = [
		...texts.map(string),
		{ kvlistValue: { values: canaryAttributes() } },
		list?.value ?? string(joined),
	];
	const logRecords = bodies.map((body) => ({
		timeUnixNano: now(),
		severityNumber: 9,
		severityText: `INFO ${joined}`,
		eventName: `event ${joined}`,
		body,
		attributes: canaryAttributes(),
	}));
	return {
		resourceLogs: [
			{
				resource: resource(service),
				scopeLogs: [{ scope: scope(), logRecords }],
			},
		],
	};
}
