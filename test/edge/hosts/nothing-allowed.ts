// Imports and uses the library without any permission, and says what the import changed.
const before = [globalThis.fetch, globalThis.Response, globalThis.console.log];
const keys = Reflect.ownKeys(globalThis).length;
const { createLogger, withMonitoring } = await import(
	"../../../supabase/functions/_shared/monitoring/logger.ts"
);
const changed =
	keys -
	Reflect.ownKeys(globalThis).length +
	[globalThis.fetch, globalThis.Response, globalThis.console.log].filter(
		(now, at) => now !== before[at],
	).length;
const handler = withMonitoring("denied")(() => {
	createLogger("denied").info("inside");
	return new Response("answered");
});
const answer = await handler(new Request("http://localhost/denied"));
const answered = (await answer.text()) === "answered" ? 1 : 0;
console.log(JSON.stringify({ changed, answered }));
