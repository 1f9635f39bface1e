import {
	mkdirSync,
	readdirSync,
	readFileSync,
	rmdirSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canMount, MountNamespace } from "../../fixtures/mount-namespace.ts";
import {
	AlertingStack,
	isAlertingMissing,
} from "../../support/alerts/alerting-stack.ts";
import { told } from "../../support/alerts/calm.ts";
import { proofs } from "../../support/alerts/proofs.ts";
import { SendingMonitor } from "../../support/alerts/sending-monitor.ts";
import { makeStandInProc } from "../../support/alerts/stand-in-proc.ts";
import { Cgroup, canLimit } from "../../support/cgroup.ts";
import { LeashedProcess } from "../../support/leashed-process.ts";
import {
	removeFolder,
	temporaryFolder,
} from "../../support/monitor-process.ts";

const isImpossible = isAlertingMissing || !canLimit() || !canMount();
const name = `alerts-of-the-system-${process.pid}`;
const folder = temporaryFolder();
const memory = 2 ** 30;
/** Where the monitor of the stand-in looks for the host's /proc. */
const proc = join(folder, "proc");
const openFiles = join(proc, "sys/fs/file-nr");
/** The kernel's account of waiting of the processes within. */
const waiting = `/sys/fs/cgroup/unified/${name}`;

const disks = {
	/** Is filled at one go. */
	data: { mountpoint: "/mnt/data", percent: 0 },
	/** Are written to steadily. */
	logs: { mountpoint: "/mnt/logs", percent: 65 },
	archive: { mountpoint: "/mnt/archive", percent: 78 },
};
type Disk = (typeof disks)[keyof typeof disks];

let alerting: AlertingStack;
let mounts: MountNamespace;
let container: Cgroup;
/** Within the container, with a limit of its own on CPU time. */
let busy: Cgroup;
/** Where a disk is slow. */
let slow: Cgroup;
const monitors: SendingMonitor[] = [];
const running = new Map<string, LeashedProcess>();

function start(program: string, command: readonly string[]): LeashedProcess {
	const started = new LeashedProcess(command);
	running.set(program, started);
	return started;
}

async function end(program: string): Promise<void> {
	await running.get(program)?.kill();
	running.delete(program);
}

/** Goes on until it is killed; its argument tells it from others. */
const worker = ["sleep", `86400.${process.pid}`];

/** Takes memory, and keeps it. */
const holding = (bytes: number) => [
	process.execPath,
	"-e",
	`const held = Buffer.alloc(${bytes}, 1); setInterval(() => held, 1000)`,
];

/** Computes without end, for as many CPUs as it may. */
function compute(cpus: number): void {
	busy.limitCpus(cpus);
	const within = [...container.command(), ...busy.command()];
	start("computing", [...within, "sh", "-c", "while :; do :; done"]);
}

function hold(share: number): void {
	start("holding", [...container.command(), ...holding(memory * share)]);
}

/** The first that the kernel kills, when the container has no memory left. */
function exhaustMemory(): Promise<NodeJS.Signals | null> {
	const asVictim = 'echo 1000 > /proc/self/oom_score_adj && exec "$0" "$@"';
	const victim = ["sh", "-c", asVictim, ...holding(2 * memory)];
	return start("exhausting", [...container.command(), ...victim]).ended;
}

/** Writes until the disk is so full. */
function fill({ mountpoint }: Disk, percent: number): void {
	const { size, ...df } = mounts.df(mountpoint);
	const all = df.available / (1 - df.percent / 100);
	const bytes = Math.round((all * (percent - df.percent)) / 100);
	const file = join(mounts.path(mountpoint), `${percent}`);
	expect(bytes, `free of ${size}`).toBeGreaterThan(0);
	writeFileSync(file, Buffer.alloc(bytes, 1), { flush: true });
}

function empty({ mountpoint }: Disk): void {
	const path = mounts.path(mountpoint);
	for (const file of readdirSync(path)) {
		if (file !== "lost+found") rmSync(join(path, file));
	}
}

function writeSteadily({ mountpoint }: Disk): void {
	const loop = `while :; do head -c 500000 /dev/zero >> log; sleep 0.5; done`;
	const script = `cd ${mountpoint} && ${loop}`;
	start(mountpoint, mounts.command("sh", "-c", script).flat());
}

async function endWriting(disk: Disk): Promise<void> {
	await end(disk.mountpoint);
	empty(disk);
}

/** Does nothing but wait for a disk, which gives a megabyte a second. */
function waitForDisk({ mountpoint, percent }: Disk): void {
	const device = mounts.run("mountpoint", "-d", mountpoint).trim();
	slow.set("blkio", "blkio.throttle.read_bps_device", `${device} 1000000`);
	const file = join(mounts.path(mountpoint), `${percent}`);
	const joining = `echo $$ > ${waiting}/cgroup.procs`;
	const reading = `dd if=${file} of=/dev/null bs=64k iflag=direct status=none`;
	start("reading", [...slow.command(), "sh", "-c", `${joining} && ${reading}`]);
}

/** What the kernel says of the machine's open files, with another number of them. */
function tellOpenFiles(share: number): void {
	const [, , limit = ""] = readFileSync("/proc/sys/fs/file-nr", "utf8")
		.trim()
		.split(/\s+/);
	writeFileSync(
		openFiles,
		`${Math.round(Number(limit) * share)}\t0\t${limit}\n`,
	);
}

/** The machine's own /proc, but for the open files, and for the pressure, which is that of our cgroup. */
function makeProc(): void {
	makeStandInProc(proc, ["sys", "pressure"]);
	mkdirSync(join(proc, "sys/fs"), { recursive: true });
	mkdirSync(join(proc, "pressure"));
	tellOpenFiles(0.1);
	mkdirSync(waiting);
	for (const resource of ["cpu", "io", "memory"]) {
		const own = join(waiting, `${resource}.pressure`);
		symlinkSync(own, join(proc, "pressure", resource));
	}
}

function makeContainer(): void {
	container = new Cgroup(name);
	container.limitCpus(1);
	container.limitMemory(memory);
	container.set("memory", "memory.swappiness", 0);
	// What it may use, it gets, whatever else this machine does.
	container.set("cpu", "cpu.shares", 100_000);
	busy = new Cgroup(`${name}/busy`, ["cpu"]);
	slow = new Cgroup(name, ["blkio"]);
}

beforeAll(async () => {
	if (isImpossible) return;
	alerting = await AlertingStack.start();
	makeProc();
	makeContainer();
	mounts = await MountNamespace.create();
	mounts.run("mount", "-t", "tmpfs", "none", "/mnt");
	for (const [word, disk] of Object.entries(disks)) {
		mounts.mountImage(join(folder, `${word}.image`), disk.mountpoint, 256);
		if (disk.percent > 0) fill(disk, disk.percent);
	}
	start("worker", worker);
	const limits = {
		cpu_warning: 50,
		cpu_critical: 85,
		memory_warning: 60,
		memory_critical: 85,
	};
	monitors.push(
		await SendingMonitor.start(
			alerting,
			{
				alert_thresholds: limits,
				processes: { worker: `^${worker.join(" ")}$` },
			},
			{ within: [...mounts.command().flat(), ...container.command()] },
		),
		await SendingMonitor.start(
			alerting,
			{ alert_thresholds: { memory_warning: 99, memory_critical: 100 } },
			{ environment: { HOST_PROC: proc } },
		),
	);
}, 120_000);
afterAll(async () => {
	if (isImpossible) return;
	await alerting.end();
	for (const monitor of monitors) await monitor.end();
	for (const program of running.keys()) await end(program);
	await mounts.end();
	busy.remove();
	container.remove();
	slow.remove();
	rmdirSync(waiting);
	removeFolder(folder);
});

describe.skipIf(isImpossible)("a real fault of a machine", () => {
	const { together, alone, allOnRecord } = proofs("system", () => alerting);
	const component = "host";

	test("is told of nobody while all is well", {
		timeout: 150_000,
	}, async () => {
		expect(await told(alerting, 10)).toEqual([]);
	});

	together({
		alert: "CpuHigh",
		severity: "warning",
		component,
		fault:
			"a process computes without end in a container of one CPU, of which it may use 0.6",
		break: () => compute(0.6),
		repair: () => end("computing"),
	});
	together({
		alert: "MemoryHigh",
		severity: "warning",
		component,
		fault: "a process takes three fifths of a container's memory",
		break: () => hold(0.6),
		repair: () => end("holding"),
	});
	together({
		alert: "DiskFull",
		severity: "warning",
		component,
		labels: { mountpoint: disks.data.mountpoint },
		fault: "a small file system is filled to 90 %",
		break: () => fill(disks.data, 90),
		repair: () => empty(disks.data),
	});
	together({
		alert: "DiskWillFill",
		severity: "warning",
		component,
		labels: { mountpoint: disks.logs.mountpoint },
		fault: "a program writes on and on to a file system that is 65 % full",
		break: () => writeSteadily(disks.logs),
		repair: () => endWriting(disks.logs),
	});
	together({
		alert: "FileDescriptorsRunningOut",
		severity: "warning",
		component,
		fault:
			"a stand-in for the machine's /proc says that 87 % of the files are open",
		break: () => tellOpenFiles(0.87),
		repair: () => tellOpenFiles(0.1),
	});
	together({
		alert: "PressureHigh",
		severity: "warning",
		component,
		fault:
			"a process waits for a slow disk all the time, and the kernel's account of it stands in for the machine's",
		break: () => waitForDisk(disks.archive),
		repair: () => end("reading"),
	});
	together({
		alert: "ProcessDown",
		severity: "critical",
		component,
		fault: "a watched process is killed",
		break: () => end("worker"),
		repair: () => start("worker", worker),
	});

	test("is over before the next ones come", () => {
		expect([...running.keys()]).toEqual(["worker"]);
	});

	together({
		alert: "CpuHigh",
		severity: "critical",
		component,
		fault: "a process computes without end in a container of one CPU",
		break: () => compute(1),
		repair: () => end("computing"),
	});
	together({
		alert: "MemoryHigh",
		severity: "critical",
		component,
		fault: "a process takes four fifths of a container's memory",
		break: () => hold(0.8),
		repair: () => end("holding"),
	});
	together({
		alert: "DiskFull",
		severity: "critical",
		component,
		labels: { mountpoint: disks.data.mountpoint },
		fault: "a small file system is filled to 98 %",
		break: () => fill(disks.data, 98),
		repair: () => empty(disks.data),
	});
	together({
		alert: "DiskWillFill",
		severity: "critical",
		component,
		labels: { mountpoint: disks.archive.mountpoint },
		fault: "a program writes on and on to a file system that is 78 % full",
		break: () => writeSteadily(disks.archive),
		repair: () => endWriting(disks.archive),
	});
	together({
		alert: "FileDescriptorsRunningOut",
		severity: "critical",
		component,
		fault:
			"a stand-in for the machine's /proc says that 97 % of the files are open",
		break: () => tellOpenFiles(0.97),
		repair: () => tellOpenFiles(0.1),
	});

	alone({
		alert: "OomKill",
		severity: "warning",
		component,
		fault:
			"a process takes more memory than its container has, and the kernel kills it",
		break: async () => expect(await exhaustMemory()).toBe("SIGKILL"),
		repair: () => end("exhausting"),
	});
	allOnRecord();
});
