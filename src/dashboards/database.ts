import * as units from "@grafana/grafana-foundation-sdk/units";
import { postgresMetrics } from "../metrics/postgres.ts";
import { firingAlerts } from "./alerts.ts";
import type { Dashboard } from "./dashboard.ts";
import { noDatabase } from "./no-data.ts";
import { graph } from "./panels/graph.ts";
import { stat } from "./panels/stat.ts";
import { table } from "./panels/table.ts";
import { lately } from "./rates.ts";
import { most, series, top20, within } from "./series.ts";
import { meaningsOfUp, warnings } from "./states.ts";

const db = postgresMetrics;
const allowed = `(${series(db.connectionsMax)} - ${series(db.connectionsReserved)})`;
/** No transaction can be begun when this many ids are in use. */
const idsOfTransactions = "2 ^ 31";

export const database: Dashboard = {
	uid: "database",
	title: { en: "Database", ja: "データベース" },
	description: {
		en: "Postgres: connections, transactions, locks, the cache, replication, size, and the statements that take the most time.",
		ja: "Postgres の接続、トランザクション、ロック、キャッシュ、レプリケーション、サイズ、時間のかかる文です。",
	},
	variables: [],
	panels: [
		stat({
			id: 1,
			title: { en: "Now", ja: "現在の状態" },
			description: {
				en: "Whether Postgres answers, how many of the allowed connections are taken, and how many locks are waited for.",
				ja: "Postgres の応答、使用中の接続の割合、待たれているロックの数です。",
			},
			noData: noDatabase,
			width: 10,
			height: 5,
			values: [
				{
					expr: `min(${series(db.up)})`,
					legend: { en: "Postgres", ja: "Postgres" },
					meanings: meaningsOfUp,
				},
				{
					expr: `max(${series(db.connections)} / ${allowed})`,
					legend: { en: "connections taken", ja: "接続の使用率" },
					unit: units.PercentUnit,
					decimals: 1,
				},
				{
					expr: `sum(${series(db.locksWaiting)})`,
					legend: { en: "locks waited for", ja: "待ちロック" },
					count: warnings,
				},
			],
		}),
		firingAlerts({ id: 2, width: 14, height: 5 }, [
			'component="database"',
			'group="database"',
		]),
		graph({
			id: 3,
			title: { en: "Connections", ja: "接続" },
			description: {
				en: "By what they do, and how many there may be without those reserved for superusers.",
				ja: "状態別の接続数と、スーパーユーザー用の予約を除いた上限です。",
			},
			noData: noDatabase,
			width: 8,
			height: 8,
			unit: units.NoUnit,
			decimals: 0,
			manyLines: true,
			queries: [
				{
					expr: `sum by (state) (${series(db.connectionsByState)})`,
					legend: "{{state}}",
				},
				{ expr: `sum(${allowed})`, legend: { en: "allowed", ja: "上限" } },
			],
		}),
		graph({
			id: 4,
			title: { en: "Transactions", ja: "トランザクション" },
			description: {
				en: "Transactions a second that ended, by how.",
				ja: "毎秒終了したトランザクション数（コミット・ロールバック別）です。",
			},
			noData: noDatabase,
			width: 8,
			height: 8,
			unit: units.OpsPerSecond,
			queries: [
				{
					expr: `sum by (outcome) (${lately(series(db.transactions))})`,
					legend: "{{outcome}}",
				},
			],
		}),
		graph({
			id: 5,
			title: { en: "Rows", ja: "行" },
			description: {
				en: "Rows a second by what was done with them.",
				ja: "操作別の毎秒の行数です。",
			},
			noData: noDatabase,
			width: 8,
			height: 8,
			unit: units.RowsPerSecond,
			manyLines: true,
			queries: [
				{
					expr: `sum by (operation) (${lately(series(db.tuples))})`,
					legend: "{{operation}}",
				},
			],
		}),
		graph({
			id: 6,
			title: { en: "Longest of all", ja: "最長の処理" },
			description: {
				en: "How long the longest query, open transaction, idle transaction and wait for a lock had lasted: the longest in each point.",
				ja: "最長のクエリ、トランザクション、アイドル中のトランザクション、ロック待ちの継続時間です（各時点の最大）。",
			},
			noData: noDatabase,
			width: 8,
			height: 8,
			unit: units.Seconds,
			softMax: 1,
			manyLines: true,
			queries: [
				{
					expr: `max(${within("max", series(db.longestQuery))})`,
					legend: { en: "query", ja: "クエリ" },
				},
				{
					expr: `max(${within("max", series(db.longestTransaction))})`,
					legend: { en: "transaction", ja: "トランザクション" },
				},
				{
					expr: `max(${within("max", series(db.longestIdleInTransaction))})`,
					legend: { en: "idle in a transaction", ja: "アイドル中" },
				},
				{
					expr: `max(${within("max", series(db.longestLockWait))})`,
					legend: { en: "wait for a lock", ja: "ロック待ち" },
				},
			],
		}),
		graph({
			id: 7,
			title: { en: "Deadlocks", ja: "デッドロック" },
			description: {
				en: "Deadlocks that Postgres broke within 15 minutes, as the alert counts them, by database: the most in each point.",
				ja: "15 分間に解消されたデッドロック数です（データベース別、アラートと同じ数え方、各時点の最大）。",
			},
			noData: noDatabase,
			width: 8,
			height: 8,
			unit: units.NoUnit,
			decimals: 0,
			bars: true,
			queries: [
				{
					expr: top20(
						most(`sum by (database) (increase(${series(db.deadlocks)}[15m]))`),
					),
					legend: "{{database}}",
				},
			],
		}),
		graph({
			id: 8,
			title: { en: "Found in the cache", ja: "キャッシュヒット率" },
			description: {
				en: "Share of the blocks that queries wanted and Postgres' own cache had, by database: the 20 worst.",
				ja: "クエリが必要としたブロックのうち Postgres のキャッシュにあった割合です（データベース別、下位 20 件）。",
			},
			noData: noDatabase,
			width: 8,
			height: 8,
			unit: units.PercentUnit,
			max: 1,
			queries: [
				{
					expr: `bottomk(20, sum by (database) (${lately(series(db.blocksHit))}) / (sum by (database) (${lately(series(db.blocksHit))} + ${lately(series(db.blocksRead))}) > 0))`,
					legend: "{{database}}",
				},
			],
		}),
		graph({
			id: 9,
			title: { en: "Replicas behind", ja: "レプリカの遅延" },
			description: {
				en: "Time until a replica has replayed what its primary wrote, by the primary's or by its own account: the longest in each point.",
				ja: "プライマリの書き込みをレプリカが再生するまでの時間です（プライマリまたはレプリカ自身の報告、各時点の最大）。",
			},
			noData: {
				en: "No replica is connected, or Postgres could not be read.",
				ja: "接続中のレプリカがないか、Postgres を読み取れていません。",
			},
			width: 8,
			height: 8,
			unit: units.Seconds,
			softMax: 1,
			queries: [
				{
					expr: `max by (replica) (${within("max", series(db.replicationLag))})`,
					legend: "{{replica}}",
				},
				{
					expr: within("max", series(db.standbyLag)),
					legend: {
						en: "standby {{host_name}}",
						ja: "スタンバイ {{host_name}}",
					},
				},
			],
		}),
		graph({
			id: 10,
			title: { en: "Left to be replayed", ja: "未再生の WAL" },
			description: {
				en: "WAL that a replica has not replayed, and that is kept for replication slots.",
				ja: "レプリカが未再生の WAL と、レプリケーションスロットのために保持されている WAL です。",
			},
			noData: {
				en: "There is no replica and no replication slot, or Postgres could not be read.",
				ja: "レプリカもレプリケーションスロットもないか、Postgres を読み取れていません。",
			},
			width: 8,
			height: 8,
			unit: units.BytesIEC,
			queries: [
				{
					expr: `max by (replica) (${series(db.replicationLagBytes)})`,
					legend: "{{replica}}",
				},
				{
					expr: `max by (slot) (${series(db.slotRetained)})`,
					legend: { en: "slot {{slot}}", ja: "スロット {{slot}}" },
				},
			],
		}),
		graph({
			id: 11,
			title: { en: "Size", ja: "サイズ" },
			description: {
				en: "Disk space that each database takes: the 20 largest.",
				ja: "各データベースのディスク使用量です（上位 20 件）。",
			},
			noData: noDatabase,
			width: 8,
			height: 8,
			unit: units.BytesIEC,
			queries: [
				{
					expr: top20(`max by (database) (${series(db.size)})`),
					legend: "{{database}}",
				},
			],
		}),
		graph({
			id: 12,
			title: { en: "Ids used up", ja: "トランザクション ID の消費" },
			description: {
				en: "Share of the transaction and multixact ids in use since the oldest one still needed: writes stop shortly before 100 %.",
				ja: "まだ必要な最古の ID から使われた割合です。100 % の少し前に書き込みが止まります。",
			},
			noData: noDatabase,
			width: 12,
			height: 8,
			unit: units.PercentUnit,
			decimals: 1,
			max: 1,
			queries: [
				{
					expr: `max(${series(db.transactionAge)}) / ${idsOfTransactions}`,
					legend: { en: "transactions", ja: "トランザクション" },
				},
				{
					expr: `max(${series(db.multixactAge)}) / ${idsOfTransactions}`,
					legend: { en: "multixacts", ja: "マルチトランザクション" },
				},
			],
		}),
		graph({
			id: 13,
			title: { en: "Temporary files", ja: "一時ファイル" },
			description: {
				en: "Bytes a second that queries wrote to disk because their work_mem was too small.",
				ja: "work_mem の不足によりクエリがディスクに書いた毎秒のバイト数です。",
			},
			noData: noDatabase,
			width: 12,
			height: 8,
			unit: units.BytesPerSecondIEC,
			softMax: 1024,
			queries: [
				{
					expr: top20(`sum by (database) (${lately(series(db.tempBytes))})`),
					legend: "{{database}}",
				},
			],
		}),
		table({
			id: 14,
			title: { en: "Statements", ja: "SQL 文" },
			description: {
				en: "Those that take the most time, at the end of the time shown. `SELECT query FROM pg_stat_statements WHERE queryid = …` tells their text, which is not stored.",
				ja: "時間のかかる SQL 文です（表示期間の終わりの値）。内容は保存されません。`SELECT query FROM pg_stat_statements WHERE queryid = …` で確認できます。",
			},
			noData: {
				en: "No statements: pg_stat_statements is not there or may not be read, or Postgres could not be read.",
				ja: "SQL 文の情報がありません。pg_stat_statements がないか、読み取り権限がないか、Postgres を読み取れていません。",
			},
			width: 24,
			height: 8,
			columns: [
				{ label: "queryid", title: { en: "queryid", ja: "queryid" } },
				{
					expr: top20(`sum by (queryid) (${lately(series(db.statementTime))})`),
					title: { en: "Busy", ja: "占有率" },
					unit: units.PercentUnit,
					decimals: 2,
					first: "largest",
				},
				{
					expr: `sum by (queryid) (${lately(series(db.statementCalls))})`,
					title: { en: "Calls a second", ja: "毎秒実行" },
					unit: units.OpsPerSecond,
					decimals: 2,
				},
				{
					expr: `sum by (queryid) (${lately(series(db.statementTime))}) / (sum by (queryid) (${lately(series(db.statementCalls))}) > 0)`,
					title: { en: "Time a call", ja: "1 回の時間" },
					unit: units.Seconds,
					decimals: 1,
				},
				{
					expr: `sum by (queryid) (${lately(series(db.statementRows))})`,
					title: { en: "Rows a second", ja: "毎秒行数" },
					unit: units.RowsPerSecond,
					decimals: 1,
				},
			],
		}),
	],
};
