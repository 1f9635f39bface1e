import { answer, serve, timed } from "./server.mjs";

const [[{ registerOTel }, { trace }], imported] = await timed(() =>
	Promise.all([import("@vercel/otel"), import("@opentelemetry/api")]),
);
registerOTel({ serviceName: "bench" });
const tracer = trace.getTracer("bench");
serve(
	(request) =>
		tracer.startActiveSpan(
			"GET bench",
			{ kind: 1, attributes: { "http.request.method": request.method } },
			async (span) => {
				const response = answer();
				span.setAttribute("http.response.status_code", response.status);
				span.end();
				return response;
			},
		),
	imported,
);
