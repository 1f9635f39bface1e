import { describe, expect, test } from "vitest";
import { postgresMetrics } from "../../../src/metrics/postgres.ts";
import { activity } from "../../../src/system/postgres/activity.ts";
import { checkpoints } from "../../../src/system/postgres/checkpoints.ts";
import { locks } from "../../../src/system/postgres/locks.ts";
import {
	type Server,
	serverFrom,
	serverReadings,
} from "../../../src/system/postgres/server.ts";
import { createStandby } from "../../../src/system/postgres/standby.ts";
import { statements } from "../../../src/system/postgres/statements.ts";
import { measured } from "../../support/readings.ts";

const facts = {
	version: "170010",
	start_time: "1795556002.902971",
	in_recovery: "f",
	role: "monitor",
	reads_all_stats: "t",
	reads_control: "t",
	connections_max: "100",
	connections_reserved: "3",
	statements_version: "1.11",
	statements_schema: "extensions",
	sees_statements_schema: "t",
	statements_loaded: "t",
};
const server = serverFrom(facts);

function query(plan: ReturnType<typeof statements.plan>): string {
	if (!("sql" in plan)) throw new Error("nothing is asked");
	return plan.sql;
}

describe("a server", () => {
	test.each([
		["130023", "13.23"],
		["140000", "14.0"],
		["180004", "18.4"],
	])("of version number %s is %s", (version, name) => {
		const readings = serverReadings(serverFrom({ ...facts, version }));
		expect(measured(readings, postgresMetrics.info, { version: name })).toBe(1);
	});

	test("that does not let the monitor see when it was made has counters of unknown start", () => {
		expect(serverFrom({ ...facts, reads_control: "f" }).birth).toBe("0");
	});
});

describe("the states of connections", () => {
	const read = (state: string | null, connections = "2") =>
		activity.read(
			[
				{
					database: "shop",
					state,
					connections,
					longest_query: null,
					longest_transaction: "-0.4",
					longest_idle: null,
				},
			],
			server,
		).readings;

	test.each([
		["active", "active"],
		["idle in transaction", "idle_in_transaction"],
		["idle in transaction (aborted)", "idle_in_transaction_aborted"],
		["fastpath function call", "fastpath"],
		["disabled", "disabled"],
		["starting", "starting"],
		["Some New/State", "some_new_state"],
		[null, "unknown"],
	])("%s is %s", (state, label) => {
		expect(
			measured(read(state), postgresMetrics.connectionsByState, {
				state: label,
			}),
		).toBe(2);
	});

	test("are none for a database without connections", () => {
		const readings = read(null, "0");
		expect(
			measured(readings, postgresMetrics.connectionsByState, {
				state: "unknown",
			}),
		).toBeUndefined();
		expect(
			measured(readings, postgresMetrics.connectionsByDatabase, {
				database: "shop",
			}),
		).toBe(0);
	});

	test("last no negative time where the server's clock was set back", () => {
		expect(measured(read("active"), postgresMetrics.longestTransaction)).toBe(
			0,
		);
	});
});

describe("the longest wait for a lock", () => {
	const read = (row: Record<string, string | null>, version = server.version) =>
		locks.read([row], { ...server, version });

	test("is absent in the moment before the server has noted its start", () => {
		const { readings } = read({ waiting: "1", longest_wait: null });
		expect(measured(readings, postgresMetrics.locksWaiting)).toBe(1);
		expect(measured(readings, postgresMetrics.longestLockWait)).toBeUndefined();
	});

	test("is absent with a reason before Postgres 14", () => {
		const { readings, absent } = read(
			{ waiting: "0", longest_wait: null },
			130023,
		);
		expect(measured(readings, postgresMetrics.longestLockWait)).toBeUndefined();
		expect(absent).toEqual([
			"the longest wait for a lock: Postgres keeps it from version 14 on",
		]);
		expect(query(locks.plan({ ...server, version: 130023 }))).not.toContain(
			"waitstart",
		);
	});
});

test("checkpoints are read of pg_stat_bgwriter before Postgres 17, and of pg_stat_checkpointer since", () => {
	expect(query(checkpoints.plan({ ...server, version: 160014 }))).toContain(
		"pg_catalog.pg_stat_bgwriter",
	);
	expect(query(checkpoints.plan({ ...server, version: 170000 }))).toContain(
		"pg_catalog.pg_stat_checkpointer",
	);
});

describe("a standby's lag", () => {
	const read = (row: Record<string, string | null>) => {
		const { readings } = createStandby().read([row], server);
		const { standbyStreaming, standbyLagBytes, standbyLag } = postgresMetrics;
		return [standbyStreaming, standbyLagBytes, standbyLag].map((metric) =>
			measured(readings, metric),
		);
	};

	test("is none while it streams and has replayed all, however old the last transaction is", () => {
		for (const told of ["1000", "920"]) {
			expect(
				read({ streaming: "t", told, replayed: "1000", age: "3600" }),
			).toEqual([1, 0, 0]);
		}
	});

	test("is the age of the last transaction where it was never seen to have all", () => {
		expect(
			read({ streaming: "t", told: "1080", replayed: "1000", age: "1.5" }),
		).toEqual([1, 80, 1.5]);
		expect(
			read({ streaming: "f", told: "1000", replayed: "1000", age: "1.5" }),
		).toEqual([0, undefined, 1.5]);
	});

	test("is absent before the first transaction", () => {
		expect(
			read({ streaming: "f", told: null, replayed: "1000", age: null }),
		).toEqual([0, undefined, undefined]);
	});

	test("is not asked of a server that takes writes, which nobody would miss", () => {
		expect(createStandby().plan(server)).toEqual({});
	});
});

describe("the statements", () => {
	const extension = {
		version: 1011,
		schema: "extensions",
		maySeeSchema: true,
		isLoaded: true,
	};
	const plan = (change: Partial<typeof extension>): Server => ({
		...server,
		statements: { ...extension, ...change },
	});

	test("are read of the schema that the extension is in, and never with their text", () => {
		expect(query(statements.plan(server))).toContain(
			"FROM extensions.pg_stat_statements(false)",
		);
		expect(query(statements.plan(server))).not.toMatch(/\bquery\b/);
	});

	test.each([
		[1007, "total_time", "system_identifier"],
		[1008, "total_exec_time", "system_identifier"],
		[1009, "total_exec_time", "extensions.pg_stat_statements_info"],
		[1011, "total_exec_time", "min(stats_since)"],
	])(
		"of an extension of version %s are read by its own columns",
		(version, time, since) => {
			const sql = query(statements.plan(plan({ version })));
			expect(sql).toContain(`sum(${time})`);
			expect(sql).toContain(since);
		},
	);

	test.each([
		[plan({ isLoaded: false }), "add it to shared_preload_libraries"],
		[
			plan({ maySeeSchema: false }),
			"GRANT USAGE ON SCHEMA extensions TO monitor",
		],
		[{ ...server, readsAllStats: false }, "GRANT pg_monitor TO monitor"],
		[
			{ ...server, statements: undefined },
			"CREATE EXTENSION pg_stat_statements",
		],
	])("are absent with the way to have them", (of, way) => {
		expect(statements.plan(of)).toEqual({
			absent: expect.stringContaining(way),
		});
	});

	test("keep ids that are negative, and too long for a number", () => {
		const row = {
			queryid: "-9007199254740993",
			calls: "2",
			total_ms: "1500",
			rows: "6",
			since: "1795556003.1",
		};
		const { readings } = statements.read([row], server);
		const labels = { queryid: "-9007199254740993" };
		expect(measured(readings, postgresMetrics.statementTime, labels)).toBe(1.5);
	});
});
