import { serve, timed } from "./server.mjs";
import { traced } from "./traced.mjs";

const [[{ registerOTel }, api], imported] = await timed(() =>
	Promise.all([import("@vercel/otel"), import("@opentelemetry/api")]),
);
registerOTel({ serviceName: "bench" });
serve(traced(api), imported);
