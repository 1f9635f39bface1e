import { answer, serve, timed } from "./server.mjs";

const [{ withMonitoring }, imported] = await timed(
	() => import(Deno.env.get("LIBRARY")),
);
serve(withMonitoring("bench")(answer), imported);
