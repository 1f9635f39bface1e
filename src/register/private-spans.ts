import type { Attributes } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import {
	ATTR_CLIENT_ADDRESS,
	ATTR_CLIENT_PORT,
	ATTR_DB_QUERY_TEXT,
	ATTR_EXCEPTION_MESSAGE,
	ATTR_EXCEPTION_STACKTRACE,
	ATTR_NETWORK_PEER_ADDRESS,
	ATTR_NETWORK_PEER_PORT,
	ATTR_URL_FULL,
	ATTR_URL_QUERY,
	ATTR_USER_AGENT_ORIGINAL,
} from "@opentelemetry/semantic-conventions";
import { withoutValues } from "./sql.ts";

/** Instrumentation that writes only the type and SQLSTATE of a failure, never Postgres' message. */
const safeMessages = "@opentelemetry/instrumentation-pg";

/** Makes an exporter send what is left of each span without values of users. */
export function keepPrivate(exporter: SpanExporter): SpanExporter {
	return {
		export: (spans, done) => exporter.export(spans.map(privateSpan), done),
		forceFlush: async () => exporter.forceFlush?.(),
		shutdown: () => exporter.shutdown(),
	};
}

/**
 * A span as it may leave the process: without addresses, user agents, URL queries and the values in SQL, and without
 * messages of errors, which quote what was wrong (`invalid input syntax for type integer: "…"`).
 */
export function privateSpan(span: ReadableSpan): ReadableSpan {
	const keepsMessages = span.instrumentationScope.name === safeMessages;
	return {
		name: span.name,
		kind: span.kind,
		spanContext: () => span.spanContext(),
		...(span.parentSpanContext
			? { parentSpanContext: span.parentSpanContext }
			: {}),
		startTime: span.startTime,
		endTime: span.endTime,
		status: { code: span.status.code },
		attributes: privateAttributes(span.attributes),
		links: span.links,
		events: span.events.map((event) => ({
			...event,
			attributes: privateEvent(event.attributes ?? {}, keepsMessages),
		})),
		duration: span.duration,
		ended: span.ended,
		resource: span.resource,
		instrumentationScope: span.instrumentationScope,
		droppedAttributesCount: span.droppedAttributesCount,
		droppedEventsCount: span.droppedEventsCount,
		droppedLinksCount: span.droppedLinksCount,
	};
}

type Rewrite = (value: string) => string | undefined;
const drop: Rewrite = () => undefined;

/** What becomes of an attribute, by its name; the older names are those that other instrumentation still writes. */
const rewrites: Readonly<Record<string, Rewrite>> = {
	[ATTR_CLIENT_ADDRESS]: drop,
	[ATTR_CLIENT_PORT]: drop,
	[ATTR_NETWORK_PEER_ADDRESS]: drop,
	[ATTR_NETWORK_PEER_PORT]: drop,
	[ATTR_USER_AGENT_ORIGINAL]: drop,
	[ATTR_URL_QUERY]: drop,
	[ATTR_URL_FULL]: withoutQuery,
	[ATTR_DB_QUERY_TEXT]: withoutValues,
	"db.statement": withoutValues,
	"http.target": withoutQuery,
	"http.url": withoutQuery,
	"http.user_agent": drop,
	"http.client_ip": drop,
	"net.peer.ip": drop,
};

function privateAttributes(attributes: Attributes): Attributes {
	const kept: Attributes = {};
	for (const [name, value] of Object.entries(attributes)) {
		const rewrite = rewriteOf(name);
		const rest = rewrite ? rewrite(String(value)) : value;
		if (rest !== undefined) kept[name] = rest;
	}
	return kept;
}

function rewriteOf(name: string): Rewrite | undefined {
	const isHeader = /^http\.(request|response)\.header\./.test(name);
	return isHeader ? drop : rewrites[name];
}

/** Without query, fragment and login. */
function withoutQuery(url: string): string {
	return url.replace(/[?#].*$/s, "").replace(/\/\/[^/@]*@/, "//");
}

function privateEvent(event: Attributes, keepsMessage: boolean): Attributes {
	const {
		[ATTR_EXCEPTION_MESSAGE]: message,
		[ATTR_EXCEPTION_STACKTRACE]: stack,
		...rest
	} = privateAttributes(event);
	return {
		...rest,
		...(keepsMessage && message ? { [ATTR_EXCEPTION_MESSAGE]: message } : {}),
		...(stack ? { [ATTR_EXCEPTION_STACKTRACE]: framesOf(String(stack)) } : {}),
	};
}

/** The end of a stack trace, which names places; what stands before repeats the message. */
function framesOf(stack: string): string {
	return /(?:\n\s+at [^\n]*)*$/.exec(stack)?.[0].slice(1) ?? "";
}
