// Serves the same handler bare and monitored, in one Deno, and prints the ports.
import { withMonitoring } from "../../../supabase/functions/_shared/monitoring/logger.ts";
import { answersWith } from "./answers.ts";
import { deno, serve } from "./deno.ts";

const upstream = `http://127.0.0.1:${serve(answersWith(""))}`;
const answer = answersWith(upstream);

function handler(
	request: Request,
	info: unknown,
): Response | Promise<Response> {
	const { pathname } = new URL(request.url);
	if (pathname === "/socket" && deno) {
		const { socket, response } = deno.upgradeWebSocket(request);
		socket.onmessage = ({ data }) => socket.send(`echo ${data}`);
		return response;
	}
	if (pathname === "/info") {
		const address: unknown = Reflect.get(Object(info), "remoteAddr");
		return new Response(String(Reflect.get(Object(address), "hostname")));
	}
	return answer(request);
}

const monitored = withMonitoring("answers")(handler);
/** Supabase's runtime tells a handler the address, but not when its response is sent. */
function likeSupabase(request: Request, info: unknown) {
	const remoteAddr: unknown = Reflect.get(Object(info), "remoteAddr");
	return monitored(request, { remoteAddr });
}

const serves = process.env.LIKE_SUPABASE ? likeSupabase : monitored;
console.log(JSON.stringify({ bare: serve(handler), monitored: serve(serves) }));
