import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

const schemaVersion = 2;

/**
 * Ordered by time, so that writing appends and removing the oldest cuts off the front: few pages change.
 * `name`, `state` and `reason` are numbers of words, or the text itself: they have no type that would convert them.
 */
const firstSchema = `
	CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
	CREATE TABLE entry (
		at INTEGER NOT NULL,
		scope INTEGER NOT NULL,
		name NOT NULL,
		state NOT NULL,
		reason,
		trace_id BLOB,
		duration_us INTEGER,
		PRIMARY KEY (at, scope, name)
	) WITHOUT ROWID;
`;

/**
 * Added by version 2: `hour` counts the checks of each hour (Unix time / 3,600,000), so that a month's uptime needs no
 * look at a month's entries; `fact` keeps what is to be known after a restart, as JSON.
 */
const secondSchema = `
	CREATE TABLE hour (
		hour INTEGER NOT NULL,
		name INTEGER NOT NULL,
		up INTEGER NOT NULL,
		total INTEGER NOT NULL,
		PRIMARY KEY (hour, name)
	) WITHOUT ROWID;
	CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
	PRAGMA user_version = ${schemaVersion};
`;

const countHours = `
	INSERT INTO hour
	SELECT at / 3600000, entry.name, sum(text IN ('healthy', 'degraded')), count(*)
	FROM entry JOIN word ON word.id = entry.state
	WHERE scope = 1 AND text <> 'unknown'
	GROUP BY 1, 2;
`;

/** The file holds something else than a history that can be read. */
export class DamageError extends Error {}

/**
 * Opens the history's file, or begins one. No other process has it open then: what is read can be kept in memory.
 * @throws DamageError if it is no history; an error of SQLite or of the file system if it can't be opened
 */
export function openFile(path: string): DatabaseSync {
	mkdirSync(dirname(path), { recursive: true });
	if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
		throw new DamageError("it is a directory");
	}
	return openDatabase(path);
}

/** Opens an empty history that ends with the process. */
export function openMemory(): DatabaseSync {
	return openDatabase(":memory:");
}

function openDatabase(path: string): DatabaseSync {
	const database = new DatabaseSync(path, { timeout: 1000 });
	try {
		database.exec("PRAGMA locking_mode = EXCLUSIVE");
		const tables = database
			.prepare("SELECT name FROM sqlite_schema")
			.all()
			.map(({ name }) => name);
		if (tables.length === 0) {
			database.exec("PRAGMA auto_vacuum = INCREMENTAL");
			useWriteAheadLog(database);
			database.exec(`BEGIN; ${firstSchema} ${secondSchema} COMMIT`);
		} else {
			useSchema(database, tables);
			useWriteAheadLog(database);
		}
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

/** A process that is killed loses nothing that was committed; a power cut may lose the last seconds. */
function useWriteAheadLog(database: DatabaseSync): void {
	database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
}

/** Brings an older file up to date. */
function useSchema(database: DatabaseSync, tables: readonly unknown[]): void {
	const version = database.prepare("PRAGMA user_version").get()?.user_version;
	if (version === 1) {
		demand(tables, ["entry", "word"]);
		database.exec(`BEGIN; ${secondSchema} ${countHours} COMMIT`);
	} else if (version === schemaVersion) {
		demand(tables, ["entry", "word", "hour", "fact"]);
	} else {
		throw new DamageError(
			`its schema has version ${version}, this program's has ${schemaVersion}`,
		);
	}
}

function demand(tables: readonly unknown[], wanted: readonly string[]): void {
	for (const table of wanted) {
		if (!tables.includes(table)) {
			throw new DamageError(`it has no table "${table}"`);
		}
	}
}

// https://www.sqlite.org/rescode.html
const busy = 5;
const corrupt = 11;
const notADatabase = 26;

/** Whether an error means that the file will not be readable at another try either. */
export function isDamage(error: unknown): boolean {
	const code = sqliteCode(error);
	return (
		error instanceof DamageError || code === corrupt || code === notADatabase
	);
}

/** What is in the way, in words. */
export function reasonOf(error: unknown): string {
	if (sqliteCode(error) === busy) return "another process has it open";
	return error instanceof Error ? error.message : String(error);
}

function sqliteCode(error: unknown): number | undefined {
	return error instanceof Error &&
		"errcode" in error &&
		typeof error.errcode === "number"
		? error.errcode & 0xff
		: undefined;
}

/** Moves a damaged file out of the way, with its write-ahead log, and gives its new path. */
export function setAside(path: string, at: Date): string {
	const time = at.toISOString().replaceAll(":", "-");
	const aside = `${path}.damaged-${time}`;
	renameSync(path, aside);
	for (const suffix of ["-wal", "-shm", "-journal"]) {
		if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
	}
	return aside;
}
