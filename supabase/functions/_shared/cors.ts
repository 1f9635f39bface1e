/** Lets browsers call a function from anywhere, with the trace that they are in, and read the trace of the answer. */
export const corsHeaders = {
	"access-control-allow-origin": "*",
	"access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
	"access-control-allow-headers":
		"authorization, x-client-info, apikey, content-type, traceparent, tracestate, baggage",
	"access-control-expose-headers": "server-timing, traceresponse",
};
