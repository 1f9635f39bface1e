import { spawn } from "node:child_process";

export interface RunOptions {
	readonly cwd?: string;
	readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs a program and gives what it printed on standard output.
 * @throws Error with the end of all that it printed, if it does not succeed
 */
export function run(
	program: string,
	args: readonly string[],
	{ cwd, environment }: RunOptions = {},
): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			cwd,
			env: { ...process.env, ...environment },
			stdio: ["ignore", "pipe", "pipe"],
		});
		let output = "";
		let all = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			output += text;
			all += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			all += text;
		});
		child.on("error", reject);
		child.on("close", (code) => {
			if (code === 0) return resolve(output);
			const end = all.trimEnd().split("\n").slice(-30).join("\n");
			reject(new Error(`${[program, ...args].join(" ")} failed:\n${end}`));
		});
	});
}
