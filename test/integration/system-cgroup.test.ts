import { execFileSync } from "node:child_process";
import {
	accessSync,
	constants,
	mkdirSync,
	readFileSync,
	rmdirSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const name = `adult-matching-monitoring-test-${process.pid}`;
const controllers = ["cpu", "cpuacct", "memory"] as const;
const folder = (controller: string) => join("/sys/fs/cgroup", controller, name);
const program = join(import.meta.dirname, "../fixtures/limited-process.ts");

/** Cgroups of version 1 can be made by root where the host has them; those of version 2 are read from fixtures. */
function canLimit(): boolean {
	try {
		for (const controller of controllers) {
			accessSync(
				join("/sys/fs/cgroup", controller, "cgroup.procs"),
				constants.W_OK,
			);
		}
		return true;
	} catch {
		console.warn("skipped: only root can limit a process by cgroup version 1");
		return false;
	}
}

/** Shell commands after which the limited cgroup is seen as the name says. */
const views = {
	"a host": "true",
	"Docker without a cgroup namespace": controllers
		.map((name) => `mount --bind ${folder(name)} /sys/fs/cgroup/${name}`)
		.join(" && "),
	"a cgroup namespace": controllers
		.map(
			(name) =>
				`umount /sys/fs/cgroup/${name} && mount -t cgroup -o ${name} none /sys/fs/cgroup/${name}`,
		)
		.join(" && "),
};

/** Runs the program within the limits: the shell joins the cgroups, and then becomes it. */
function runLimited(
	view: keyof typeof views,
	environment: Record<string, string> = {},
) {
	const join = controllers
		.map((controller) => `echo $$ > ${folder(controller)}/cgroup.procs`)
		.join(" && ");
	const namespaces = view === "a cgroup namespace" ? "-mC" : "-m";
	const command = `${join} && exec unshare ${namespaces} sh -c '${views[view]} && exec "$0" "$1"' "$0" "$1"`;
	const output = execFileSync(
		"sh",
		["-c", command, process.execPath, program],
		{
			encoding: "utf8",
			env: { ...process.env, ...environment },
		},
	);
	const values: Record<string, number> = JSON.parse(output);
	return values;
}

describe.runIf(canLimit())("in a container with half a CPU and 256 MB", () => {
	const limit = 256 * 2 ** 20;

	beforeAll(() => {
		for (const controller of controllers) mkdirSync(folder(controller));
		writeFileSync(join(folder("cpu"), "cpu.cfs_period_us"), "100000");
		writeFileSync(join(folder("cpu"), "cpu.cfs_quota_us"), "50000");
		writeFileSync(
			join(folder("memory"), "memory.limit_in_bytes"),
			String(limit),
		);
	});

	afterAll(() => {
		for (const controller of controllers) rmdirSync(folder(controller));
	});

	it.each([
		"a host",
		"Docker without a cgroup namespace",
		"a cgroup namespace",
	] as const)(
		"CPU and memory are shares of what is allowed, seen as on %s",
		(view) => {
			const values = runLimited(view);

			expect(values.system_cpus).toBe(0.5);
			expect(values.system_cpu_percent).toBeGreaterThan(80);
			const stat = readFileSync(join(folder("cpu"), "cpu.stat"), "utf8");
			const throttled = Number(/^nr_throttled (\d+)$/m.exec(stat)?.[1]);
			expect(values.system_cpu_throttled_periods_total).toBeGreaterThan(0);
			expect(values.system_cpu_throttled_periods_total).toBeLessThanOrEqual(
				throttled,
			);

			const percent = values.system_memory_percent ?? 0;
			expect(values.system_memory_size_bytes).toBe(limit);
			expect(percent).toBeGreaterThan((100 * (values.held ?? 0)) / limit);
			expect(percent).toBeLessThan(100);
			const available = values.system_memory_available_bytes ?? 0;
			expect(100 * (1 - available / limit)).toBeCloseTo(percent);
		},
	);

	it("the host's numbers are given where HOST_PROC is the host's", () => {
		const host = join(os.tmpdir(), name);
		symlinkSync("/proc", host);
		try {
			const values = runLimited("a host", { HOST_PROC: host });
			expect(values.system_cpus).toBe(os.cpus().length);
			expect(values.system_memory_size_bytes).toBe(os.totalmem());
			expect(values.system_cpu_throttled_periods_total).toBeUndefined();
		} finally {
			unlinkSync(host);
		}
	});
});
