// The monitor's health check: whether /ready answers 200, asked with METRICS_TOKEN where one is set.
const { PROMETHEUS_PORT, METRICS_TOKEN } = process.env;
const answer = await fetch(
	`http://127.0.0.1:${PROMETHEUS_PORT || 8000}/ready`,
	METRICS_TOKEN
		? { headers: { authorization: `Bearer ${METRICS_TOKEN}` } }
		: {},
).catch((error) => ({ ok: false, text: () => String(error.cause ?? error) }));
console.log(await answer.text());
process.exit(answer.ok ? 0 : 1);
