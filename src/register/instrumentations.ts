import { ServerResponse } from "node:http";
import { context, type Span } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import {
	PgInstrumentation,
	type PgRequestHookInformation,
} from "@opentelemetry/instrumentation-pg";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import type { Instruments } from "../metrics/instruments.ts";
import { isHealthCheck, recordRequest } from "./requests.ts";
import { operationOf } from "./sql.ts";

/** Starts OpenTelemetry's own instrumentation, on the SDK that runs: HTTP in and out, fetch, Postgres, the runtime. */
export function startInstrumentations(instruments: Instruments): void {
	registerInstrumentations({
		instrumentations: [
			new HttpInstrumentation({
				ignoreIncomingRequestHook: ({ url }) => isHealthCheck(url ?? ""),
				ignoreOutgoingRequestHook: isUntraced,
				responseHook: (_span, response) => {
					if (response instanceof ServerResponse) {
						recordRequest(response, instruments);
					}
				},
			}),
			new UndiciInstrumentation({ ignoreRequestHook: isUntraced }),
			new PgInstrumentation({
				ignoreConnectSpans: true,
				requestHook: nameQuery,
			}),
			new RuntimeNodeInstrumentation(),
		],
	});
}

/** What health checks ask for in turn, and exports, would else be counted among the app's requests. */
function isUntraced(): boolean {
	return isTracingSuppressed(context.active());
}

/** By the name of a prepared statement, or by its first word. */
function nameQuery(
	span: Span,
	{ query, connection }: PgRequestHookInformation,
): void {
	const what = query.name || operationOf(query.text);
	const where = connection.database;
	span.updateName([`pg.query:${what ?? ""}`, where].filter(Boolean).join(" "));
}
