import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, unlinkSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cgroup, canLimit, controllers } from "../support/cgroup.ts";

const name = `adult-matching-monitoring-test-${process.pid}`;
const program = join(import.meta.dirname, "../fixtures/limited-process.ts");
let group: Cgroup;

/** Shell commands after which the limited cgroup is seen as the name says. */
const views = {
	"a host": () => "true",
	"Docker without a cgroup namespace": () =>
		controllers
			.map(
				(controller) =>
					`mount --bind ${group.folder(controller)} /sys/fs/cgroup/${controller}`,
			)
			.join(" && "),
	"a cgroup namespace": () =>
		controllers
			.map(
				(controller) =>
					`umount /sys/fs/cgroup/${controller} && mount -t cgroup -o ${controller} none /sys/fs/cgroup/${controller}`,
			)
			.join(" && "),
};

/** Runs the program within the limits: the shell joins the cgroups, and then becomes it. */
function runLimited(
	view: keyof typeof views,
	environment: Record<string, string> = {},
) {
	const namespaces = view === "a cgroup namespace" ? "-mC" : "-m";
	const seen = `${views[view]()} && exec "$0" "$1"`;
	const inside = ["unshare", namespaces, "sh", "-c", seen];
	const [first = "", ...rest] = [...group.command(), ...inside];
	const output = execFileSync(first, [...rest, process.execPath, program], {
		encoding: "utf8",
		env: { ...process.env, ...environment },
	});
	const values: Record<string, number> = JSON.parse(output);
	return values;
}

describe.runIf(canLimit())("in a container with half a CPU and 256 MB", () => {
	const limit = 256 * 2 ** 20;

	beforeAll(() => {
		group = new Cgroup(name);
		group.limitCpus(0.5);
		group.limitMemory(limit);
	});

	afterAll(() => group.remove());

	it.each([
		"a host",
		"Docker without a cgroup namespace",
		"a cgroup namespace",
	] as const)(
		"CPU and memory are shares of what is allowed, seen as on %s",
		(view) => {
			const values = runLimited(view);

			expect(values.system_cpus).toBe(0.5);
			const used = (100 * (values.cpus_used ?? 0)) / 0.5;
			expect(Math.abs((values.system_cpu_percent ?? 0) - used)).toBeLessThan(
				10,
			);
			const stat = readFileSync(join(group.folder("cpu"), "cpu.stat"), "utf8");
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
