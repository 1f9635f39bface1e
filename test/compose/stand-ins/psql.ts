// Stands in psql's place: psql -h <host> -U <user> -d <database> -c <query> succeeds if the query does. For a server that trusts.
import { connect } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
	options: {
		host: { type: "string", short: "h", default: "127.0.0.1" },
		user: { type: "string", short: "U", default: "postgres" },
		database: { type: "string", short: "d", default: "postgres" },
		query: { type: "string", short: "c", default: "SELECT 1" },
	},
});

const end = (code: number) => process.exit(code);
const socket = connect(5432, values.host, () => {
	const text = `user\0${values.user}\0database\0${values.database}\0\0`;
	const version = Buffer.from([0, 3, 0, 0]);
	socket.write(
		Buffer.concat([length(4 + text.length), version, Buffer.from(text)]),
	);
});
socket.on("data", (data) => {
	const type = String.fromCharCode(data[0] ?? 0);
	// E is an error, R says that it trusts; what comes later is the answer.
	if (type === "E") return end(1);
	if (type !== "R") return end(data.includes("SELECT") ? 0 : 1);
	const query = Buffer.from(`${values.query}\0`);
	return socket.write(
		Buffer.concat([Buffer.from("Q"), length(query.length), query]),
	);
});
socket.on("error", () => end(2));
setTimeout(() => end(3), 3000);

function length(bytes: number): Buffer {
	const buffer = Buffer.alloc(4);
	buffer.writeInt32BE(bytes + 4);
	return buffer;
}
