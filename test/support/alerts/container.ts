import { Cgroup } from "../cgroup.ts";
import type { NamedProcesses } from "./named-processes.ts";

const memory = 2 ** 30;

/** Takes memory, and keeps it. */
const holding = (bytes: number) => [
	process.execPath,
	"-e",
	`const held = Buffer.alloc(${bytes}, 1); setInterval(() => held, 1000)`,
];

/** A container of one CPU and 1 GiB of memory, and processes that take of it what they can. */
export class Container {
	readonly #all: Cgroup;
	/** Within it, with a limit of its own on CPU time. */
	readonly #busy: Cgroup;
	readonly #processes: NamedProcesses;

	/** @param name of its cgroups */
	constructor(name: string, processes: NamedProcesses) {
		this.#processes = processes;
		this.#all = new Cgroup(name);
		this.#all.limitCpus(1);
		this.#all.limitMemory(memory);
		this.#all.set("memory", "memory.swappiness", 0);
		// What it may use, it gets, whatever else this machine does.
		this.#all.set("cpu", "cpu.shares", 100_000);
		this.#busy = new Cgroup(`${name}/busy`, ["cpu"]);
	}

	/** What goes before a command, so that it runs within. */
	command(): string[] {
		return this.#all.command();
	}

	/** Starts "computing", which goes on without end, for as many CPUs as it may. */
	compute(cpus: number): void {
		this.#busy.limitCpus(cpus);
		const within = [...this.command(), ...this.#busy.command()];
		const endless = ["sh", "-c", "while :; do :; done"];
		this.#processes.start("computing", [...within, ...endless]);
	}

	/** Starts "holding", which takes a share of the memory. */
	hold(share: number): void {
		const command = [...this.command(), ...holding(memory * share)];
		this.#processes.start("holding", command);
	}

	/**
	 * Starts "exhausting", which takes more memory than there is, and is the first that the kernel kills then.
	 * @returns the signal that ended it
	 */
	exhaustMemory(): Promise<NodeJS.Signals | null> {
		const asVictim = 'echo 1000 > /proc/self/oom_score_adj && exec "$0" "$@"';
		const victim = ["sh", "-c", asVictim, ...holding(2 * memory)];
		const command = [...this.command(), ...victim];
		return this.#processes.start("exhausting", command).ended;
	}

	/** Once all of its processes have ended. */
	remove(): void {
		this.#busy.remove();
		this.#all.remove();
	}
}
