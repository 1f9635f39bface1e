import { randomBytes } from "node:crypto";
import {
	chownSync,
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import {
	findPrograms,
	type Programs,
	type ProgramUser,
	programUser,
	run,
} from "./programs.ts";

export interface EmbeddedPostgres {
	readonly url: string;
	readonly port: number;
	/** Stops the server; its data stays. */
	stop(): Promise<void>;
}

/**
 * Starts a Postgres of our own, that listens on 127.0.0.1 only and keeps its data in `<folder>/postgres`.
 * One that a killed monitor left running is taken over.
 * @returns `undefined` where its programs are not installed
 * @throws Error with one line of what Postgres said
 */
export async function startEmbeddedPostgres(
	folder: string,
): Promise<EmbeddedPostgres | undefined> {
	const programs = await findPrograms();
	if (programs === undefined) return undefined;
	const home = resolve(folder);
	mkdirSync(home, { recursive: true });
	const cluster = new Cluster(programs, await programUser(), home);
	const password = cluster.password();
	await cluster.create(password);
	const port = (await cluster.runningPort()) ?? (await cluster.start());
	return {
		port,
		url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
		stop: () => cluster.stop(),
	};
}

class Cluster {
	readonly #programs: Programs;
	readonly #user: ProgramUser | undefined;
	readonly #home: string;
	readonly #data: string;

	constructor(programs: Programs, user: ProgramUser | undefined, home: string) {
		this.#programs = programs;
		this.#user = user;
		this.#home = home;
		this.#data = join(home, "postgres");
	}

	/** The password of the first start, which only this user can read. */
	password(): string {
		const path = join(this.#home, "postgres-password");
		if (!existsSync(join(this.#data, "PG_VERSION"))) {
			writeFileSync(path, randomBytes(24).toString("hex"), { mode: 0o600 });
		}
		return readFileSync(path, "utf8").trim();
	}

	async create(password: string): Promise<void> {
		if (existsSync(join(this.#data, "PG_VERSION"))) return;
		mkdirSync(this.#data, { recursive: true, mode: 0o700 });
		const passwordFile = join(this.#data, "..", "postgres-password.initdb");
		writeFileSync(passwordFile, password, { mode: 0o600 });
		this.#give(this.#data);
		this.#give(passwordFile);
		try {
			await run(
				this.#programs.initdb,
				[
					`--pgdata=${this.#data}`,
					"--username=postgres",
					"--auth=scram-sha-256",
					`--pwfile=${passwordFile}`,
					"--encoding=UTF8",
					"--locale=C",
				],
				this.#options(),
			);
		} finally {
			rmSync(passwordFile, { force: true });
		}
		await run(
			this.#programs.postgres,
			["--single", "-D", this.#data, "postgres"],
			{ ...this.#options(), input: "CREATE EXTENSION pg_stat_statements;\n" },
		);
	}

	/** The port of a server that runs on this data already. */
	async runningPort(): Promise<number | undefined> {
		try {
			await this.#control("status");
		} catch {
			return undefined;
		}
		const [, , , port] = readFileSync(
			join(this.#data, "postmaster.pid"),
			"utf8",
		).split("\n");
		return Number(port);
	}

	async start(): Promise<number> {
		const port = await freePort();
		const settings = [
			`-p ${port}`,
			"-c listen_addresses=127.0.0.1",
			"-c unix_socket_directories=",
			"-c shared_preload_libraries=pg_stat_statements",
			"-c log_checkpoints=off",
		];
		const log = join(this.#data, "server.log");
		await this.#control(
			"start",
			"--wait",
			`--log=${log}`,
			`--options=${settings.join(" ")}`,
		);
		return port;
	}

	async stop(): Promise<void> {
		await this.#control("stop", "--wait", "--mode=fast").catch(() => {
			// It has stopped by itself.
		});
	}

	#control(...args: string[]): Promise<string> {
		return run(
			this.#programs.pg_ctl,
			[...args, `--pgdata=${this.#data}`],
			this.#options(),
		);
	}

	#options() {
		return { user: this.#user, cwd: this.#data };
	}

	#give(path: string): void {
		if (this.#user) chownSync(path, this.#user.uid, this.#user.gid);
	}
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const address = server.address();
	await new Promise((done) => server.close(done));
	if (typeof address === "object" && address !== null) return address.port;
	throw new Error("this machine has no free port on 127.0.0.1");
}
