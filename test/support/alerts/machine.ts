import { join } from "node:path";
import { canMount, MountNamespace } from "../../fixtures/mount-namespace.ts";
import { canLimit } from "../cgroup.ts";
import { removeFolder, temporaryFolder } from "../monitor-process.ts";
import type { AlertingStack } from "./alerting-stack.ts";
import { Container } from "./container.ts";
import { Disk } from "./disk.ts";
import { MachineProc } from "./machine-proc.ts";
import { NamedProcesses } from "./named-processes.ts";
import { SendingMonitor } from "./sending-monitor.ts";
import { SlowReading } from "./slow-reading.ts";

export function canMakeMachine(): boolean {
	return canLimit() && canMount();
}

/** What messages call the monitor in the container. */
export const containerName = "web-1";

/** Goes on until it is killed; its argument tells it from others. */
const worker = ["sleep", `86400.${process.pid}`];

/** What can break of a machine without a harm to this one, which it is made of, and two monitors that watch it. */
export class Machine {
	readonly processes = new NamedProcesses();
	readonly container: Container;
	readonly disks: Readonly<Record<"data" | "logs" | "archive", Disk>>;
	readonly proc: MachineProc;
	readonly #folder = temporaryFolder();
	readonly #mounts: MountNamespace;
	readonly #slowReading: SlowReading;
	readonly #monitors: SendingMonitor[] = [];
	/** Is on a disk before anything breaks, and large. */
	#archived = "";

	private constructor(mounts: MountNamespace) {
		const name = `alerts-of-the-system-${process.pid}`;
		this.#mounts = mounts;
		this.container = new Container(name, this.processes);
		this.#slowReading = new SlowReading(name);
		this.proc = new MachineProc(join(this.#folder, "proc"), (resource) =>
			this.#slowReading.pressure(resource),
		);
		const disk = (mountpoint: string) =>
			new Disk(mounts, mountpoint, this.processes);
		this.disks = {
			data: disk("/mnt/data"),
			logs: disk("/mnt/logs"),
			archive: disk("/mnt/archive"),
		};
	}

	static async start(alerting: AlertingStack): Promise<Machine> {
		const machine = new Machine(await MountNamespace.create());
		try {
			machine.#mountDisks();
			machine.startWorker();
			await machine.#watchContainer(alerting);
			await machine.#watchProc(alerting);
		} catch (error) {
			await machine.end();
			throw error;
		}
		return machine;
	}

	async end(): Promise<void> {
		for (const monitor of this.#monitors) await monitor.end();
		await this.processes.endAll();
		await this.#mounts.end();
		this.container.remove();
		this.#slowReading.remove();
		removeFolder(this.#folder);
	}

	/** Starts "worker", which a monitor watches for. */
	startWorker(): void {
		this.processes.start("worker", worker);
	}

	/** Starts "reading", which waits for a disk all the time. */
	waitForDisk(): void {
		const { device } = this.disks.archive;
		const command = this.#slowReading.command(device, this.#archived);
		this.processes.start("reading", command);
	}

	#mountDisks(): void {
		this.#mounts.run("mount", "-t", "tmpfs", "none", "/mnt");
		for (const [word, disk] of Object.entries(this.disks)) {
			disk.mount(join(this.#folder, `${word}.image`));
		}
		// What is written to steadily is never empty.
		this.disks.logs.fill(65);
		this.#archived = this.disks.archive.fill(78);
	}

	/** Starts the monitor that is in the container and sees the disks. */
	async #watchContainer(alerting: AlertingStack): Promise<void> {
		const config = {
			alert_thresholds: {
				cpu_warning: 50,
				cpu_critical: 85,
				memory_warning: 60,
				memory_critical: 85,
			},
			processes: { worker: `^${worker.join(" ")}$` },
		};
		const within = [
			...this.#mounts.command().flat(),
			...this.container.command(),
		];
		// Not to be taken for the other monitor.
		const environment = {
			OTEL_RESOURCE_ATTRIBUTES: `host.name=${containerName}`,
		};
		this.#monitors.push(
			await SendingMonitor.start(alerting, config, { within, environment }),
		);
	}

	/** Starts the monitor to which the stand-in is the machine. */
	async #watchProc(alerting: AlertingStack): Promise<void> {
		const config = {
			alert_thresholds: { memory_warning: 99, memory_critical: 100 },
		};
		const environment = { HOST_PROC: this.proc.folder };
		this.#monitors.push(
			await SendingMonitor.start(alerting, config, { environment }),
		);
	}
}
