// Stands in Grafana's place: answers its health once it can read all that Grafana would, and tells what that is.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const { env } = process;
const read = (name: string) => readFileSync(env[`${name}__FILE`] ?? "", "utf8");
const dashboards = `/etc/grafana/dashboards/${env.ALERT_LANGUAGE}`;

const facts = {
	anonymous: read("GF_AUTH_ANONYMOUS_ENABLED"),
	role: env.GF_AUTH_ANONYMOUS_ORG_ROLE,
	passwordLength: read("GF_SECURITY_ADMIN_PASSWORD").length,
	secretLength: read("GF_SECURITY_SECRET_KEY").length,
	dataSources: readFileSync(
		"/etc/grafana/provisioning/datasources/stack.yaml",
		"utf8",
	).length,
	dashboards: readdirSync(dashboards).filter(
		(name) => JSON.parse(readFileSync(`${dashboards}/${name}`, "utf8")).uid,
	),
	home: JSON.parse(
		readFileSync(env.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH ?? "", "utf8"),
	).uid,
};
writeFileSync("/var/lib/grafana/written", "");

const server = createServer((request, response) => {
	if (request.url === "/api/health") return response.end('{"database":"ok"}');
	if (request.url === "/metrics")
		return response
			.writeHead(200, { "content-type": "text/plain; version=0.0.4" })
			.end("grafana_build_info 1\n");
	return response.end(JSON.stringify(facts));
});
server.listen(3000, "0.0.0.0");
process.on("SIGTERM", () => process.exit(0));
