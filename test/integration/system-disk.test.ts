import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
	existsSync,
	mkdirSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostMetrics } from "../../src/metrics/host.ts";
import type { Metric, Reading } from "../../src/metrics/metric.ts";
import { createDiskCollector } from "../../src/system/disk.ts";
import {
	canMount,
	DiskRounds,
	MountNamespace,
} from "../fixtures/mount-namespace.ts";

function at(readings: readonly Reading[], metric: Metric, mountPoint?: string) {
	return readings.find(
		(reading) =>
			reading.metric.name === metric.name &&
			reading.labels.mountpoint === mountPoint,
	)?.value;
}

describe.runIf(process.platform === "linux")("disks of this machine", () => {
	it("are as full as df says", async () => {
		const collector = createDiskCollector({
			paths: { proc: "/proc", sys: "/sys", root: "/" },
		});
		const { readings, problems } = await collector.collect(
			new AbortController().signal,
		);
		const shown = readings.filter(
			({ metric }) => metric === hostMetrics.filesystemPercent,
		);
		expect(problems).toEqual([]);
		expect(shown.length).toBeGreaterThan(0);
		for (const { labels, value } of shown) {
			const df = execFileSync("df", ["-P", "-B1", labels.mountpoint ?? ""], {
				encoding: "utf8",
			});
			const [, line = ""] = df.split("\n");
			const [, size = 0, used = 0, available = 0] = line
				.split(/\s+/)
				.map(Number);
			expect(Math.abs(value - (100 * used) / (used + available))).toBeLessThan(
				1,
			);
			expect(at(readings, hostMetrics.filesystemSize, labels.mountpoint)).toBe(
				size,
			);
		}
		expect(at(readings, hostMetrics.diskPercent)).toBe(
			Math.max(...shown.map(({ value }) => value)),
		);
	});
});

describe.runIf(canMount())("a disk image that is mounted", () => {
	const folder = join(tmpdir(), `disk-test-${process.pid}`);
	const mountPoint = join(folder, "a disk");
	let namespace: MountNamespace;
	let disks: DiskRounds;

	beforeAll(async () => {
		namespace = await MountNamespace.create();
		namespace.mountImage(join(folder, "image"), mountPoint, 64);
		disks = new DiskRounds(namespace);
	});

	afterAll(async () => {
		await disks.end();
		await namespace.end();
		rmSync(folder, { recursive: true });
	});

	it("is listed by its name with a blank, with its type and device", async () => {
		const { readings } = await disks.round();
		const reading = readings.find(
			({ labels }) => labels.mountpoint === mountPoint,
		);
		expect(reading?.labels.fstype).toBe("ext4");
		expect(reading?.labels.device).toMatch(/^\/dev\/loop\d+$/);
	});

	it("gets fuller as df says while files are written, and becomes the fullest", async () => {
		for (const megabytes of [10, 20, 19]) {
			writeFileSync(
				join(namespace.path(mountPoint), `${megabytes} megabytes`),
				Buffer.alloc(megabytes * 2 ** 20, 1),
				{ flush: true },
			);
			const { readings } = await disks.round();
			const { percent, available } = namespace.df(mountPoint);
			expect(
				at(readings, hostMetrics.filesystemPercent, mountPoint),
			).toBeCloseTo(percent, 5);
			expect(at(readings, hostMetrics.filesystemAvailable, mountPoint)).toBe(
				available,
			);
		}
		const { readings } = await disks.round();
		const told = at(readings, hostMetrics.filesystemPercent, mountPoint);
		expect(told).toBeGreaterThan(90);
		expect(at(readings, hostMetrics.diskPercent)).toBeGreaterThanOrEqual(
			told ?? 100,
		);
	});

	it("tells the share of its inodes that df tells", async () => {
		const df = namespace.run("df", "-P", "-i", mountPoint);
		const [, line = ""] = df.split("\n");
		const [, all = 0, used = 0] = line.split(/\s+/).map(Number);
		const { readings } = await disks.round();
		expect(
			at(readings, hostMetrics.filesystemInodesPercent, mountPoint),
		).toBeCloseTo((100 * used) / all, 5);
	});

	it("counts once when it is mounted a second time", async () => {
		const second = join(folder, "mounted a second time");
		mkdirSync(second);
		namespace.run("mount", "--bind", mountPoint, second);
		const { readings } = await disks.round();
		namespace.run("umount", second);
		expect(at(readings, hostMetrics.filesystemSize, second)).toBeUndefined();
		expect(at(readings, hostMetrics.filesystemSize, mountPoint)).toBeDefined();
	});

	it("says so, and raises no alarm for being full, when it is read-only", async () => {
		namespace.run("mount", "-o", "remount,ro", mountPoint);
		const { readings } = await disks.round();
		namespace.run("mount", "-o", "remount,rw", mountPoint);
		expect(at(readings, hostMetrics.filesystemReadOnly, mountPoint)).toBe(1);
		const { filesystemPercent } = hostMetrics;
		expect(at(readings, filesystemPercent, mountPoint)).toBeUndefined();
		expect(at(readings, hostMetrics.diskPercent)).toBeLessThan(
			namespace.df(mountPoint).percent,
		);
		const back = await disks.round();
		expect(at(back.readings, hostMetrics.filesystemReadOnly, mountPoint)).toBe(
			0,
		);
	});

	it("is what the root of a container that lies on it says", async () => {
		const [upper, work, root] = ["upper", "work", "root"].map((name) =>
			join(mountPoint, name),
		);
		const layers = `lowerdir=/,upperdir=${upper},workdir=${work}`;
		namespace.run("mkdir", `${upper}`, `${work}`, `${root}`);
		namespace.run(
			...["mount", "-t", "overlay", "overlay", "-o", layers, `${root}`],
		);
		namespace.run("mount", "-t", "proc", "proc", `${root}/proc`);
		const container = new DiskRounds(namespace, {}, ["chroot", `${root}`]);
		const { readings } = await container.round();
		await container.end();
		namespace.run("umount", "-R", `${root}`);
		const size = readings.find(
			({ metric, labels }) =>
				metric.name === hostMetrics.filesystemSize.name &&
				labels.fstype === "overlay",
		);
		expect(size?.labels.mountpoint).toBe("/");
		expect(size?.value).toBe(namespace.df(mountPoint).size);
	});

	describe("and is to be found below HOST_ROOT", () => {
		const proc = join(folder, "proc");
		const root = join(folder, "host");
		let host: DiskRounds;

		beforeAll(() => {
			mkdirSync(join(root, mountPoint), { recursive: true });
			// The process that holds the namespace stands for the host's first, which sees the image.
			mkdirSync(proc);
			symlinkSync(`/proc/${namespace.pid}`, join(proc, "1"));
			symlinkSync("/proc/filesystems", join(proc, "filesystems"));
			host = new DiskRounds(namespace, { HOST_PROC: proc, HOST_ROOT: root });
		});

		afterAll(() => host.end());

		it("is named, not taken for another, where it cannot be seen there", async () => {
			const { readings, absent = [] } = await host.round();
			const { filesystemSize } = hostMetrics;
			expect(at(readings, filesystemSize, mountPoint)).toBeUndefined();
			expect(absent.find((line) => line.startsWith(mountPoint))).toBe(
				`${mountPoint} is not what is at ${join(root, mountPoint)}; HOST_ROOT must be where the host's / is mounted, with all that is mounted below it (rslave)`,
			);
		});

		it("is read there where it is mounted there too", async () => {
			namespace.run("mount", "--bind", "/", root);
			namespace.run("mount", "--bind", mountPoint, join(root, mountPoint));
			const { readings } = await host.round();
			for (const path of ["/", mountPoint]) {
				expect(at(readings, hostMetrics.filesystemSize, path)).toBe(
					namespace.df(path).size,
				);
			}
		});
	});
});

/** A file system whose server has taken the mount and then never answers: FUSE's way of a dead disk. */
async function mountHung(
	namespace: MountNamespace,
	mountPoint: string,
): Promise<ChildProcess> {
	const image = `${mountPoint}.image`;
	execFileSync("truncate", ["-s", "1M", image]);
	const options = "fd=3,rootmode=40000,user_id=0,group_id=0";
	const script = [
		"exec 3<>/dev/fuse",
		`loop=$(losetup -f --show "$0")`,
		`mount -i -t fuseblk -o ${options} $loop "$1"`,
		"losetup -d $loop", // The kernel does it when the mount has ended.
		"echo mounted",
		"read -r _",
	].join(" && ");
	const server = spawn(
		...namespace.command("bash", "-c", script, image, mountPoint),
		{ stdio: ["pipe", "pipe", "inherit"] },
	);
	await once(server.stdout, "data");
	return server;
}

describe.runIf(canMount() && existsSync("/dev/fuse"))(
	"file systems that hang",
	() => {
		const folder = join(tmpdir(), `hung-test-${process.pid}`);
		const mountPoints = ["one", "three", "two"].map((name) =>
			join(folder, name),
		);
		const servers: ChildProcess[] = [];
		let namespace: MountNamespace;
		let disks: DiskRounds;

		/** With its server gone, the kernel answers those that wait with an error. */
		async function endServers() {
			for (const server of servers.splice(0)) {
				const ended = once(server, "exit");
				server.kill("SIGKILL");
				await ended;
			}
		}

		beforeAll(async () => {
			namespace = await MountNamespace.create();
			for (const mountPoint of mountPoints) {
				mkdirSync(mountPoint, { recursive: true });
				servers.push(await mountHung(namespace, mountPoint));
			}
			disks = new DiskRounds(namespace);
		});

		afterAll(async () => {
			await endServers();
			await disks.end();
			await namespace.end();
			rmSync(folder, { recursive: true });
		});

		it("are named, take no other with them, and are asked again once they have answered", async () => {
			const [one, three, two] = mountPoints;
			const { size } = namespace.df("/");
			for (let round = 0; round < 3; round++) {
				const { readings, problems } = await disks.round();
				expect(at(readings, hostMetrics.filesystemSize, "/")).toBe(size);
				expect(problems).toEqual([
					`${one} hangs: the kernel does not answer for it`,
					`${three} hangs: the kernel does not answer for it`,
					`${two} was not asked, as ${one} and ${three} hang`,
				]);
			}
			await endServers();
			for (const mountPoint of mountPoints) {
				namespace.run("umount", "-l", mountPoint);
			}
			await expect.poll(async () => (await disks.round()).problems).toEqual([]);
		});
	},
);
