import { gauge } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import { numberOrNull, textIn } from "../../postgres/row.ts";
import type { Server } from "./server.ts";
import type { Subject } from "./subject.ts";

/**
 * How much disk space each database takes: the server asks its file system for the size of each of the files.
 * By itself, so that a database of very many files that takes too long costs nothing but its size.
 */
export const sizes: Subject = {
	name: "the sizes of the databases",
	plan: (server) => ({ sql: query(server) }),
	read(rows, { role }) {
		const sized = rows.map((row) => ({
			database: textIn(row, "database"),
			bytes: numberOrNull(row, "bytes"),
		}));
		return {
			readings: sized.flatMap(({ database, bytes }) =>
				bytes === null
					? []
					: [gauge(postgresMetrics.size, bytes, { database })],
			),
			absent: sized
				.filter(({ bytes }) => bytes === null)
				.map(
					({ database }) =>
						`the size of the database ${database}: the role ${role} may not connect to it: GRANT pg_monitor TO ${role}`,
				),
		};
	},
};

const query = ({ readsAllStats }: Server) => `
SELECT datname AS database,
       CASE WHEN ${readsAllStats} OR pg_catalog.has_database_privilege(oid, 'CONNECT')
            THEN pg_catalog.pg_database_size(oid) END AS bytes
  FROM pg_catalog.pg_database
 WHERE datallowconn AND NOT datistemplate`;
