import { readFileSync } from "node:fs";
import {
	type Collector,
	type Program,
	type Running,
	start,
	startCollector,
	stop,
	stopCollector,
} from "./run.ts";

const ticksPerSecond = 100;

/** A program that runs, with a collector of its own, and what it costs. */
export class Candidate {
	readonly program: Program;
	readonly running: Running;
	readonly collector: Collector;
	/** Milliseconds a request, of each round. */
	readonly wall: number[] = [];
	#cpu = 0;
	#bytes = 0;

	constructor(program: Program, running: Running, collector: Collector) {
		this.program = program;
		this.running = running;
		this.collector = collector;
	}

	begin(): void {
		this.#cpu = this.#cpuNow();
		this.#bytes = this.collector.received.bytes;
	}

	/** Since `begin`: microseconds of CPU, and bytes sent. */
	spent(): { cpu: number; bytes: number } {
		return {
			cpu: (this.#cpuNow() - this.#cpu) * 1e6,
			bytes: this.collector.received.bytes - this.#bytes,
		};
	}

	/** Megabytes of resident memory. */
	memory(): number {
		const status = readFileSync(
			`/proc/${this.running.child.pid}/status`,
			"utf8",
		);
		return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
	}

	/** Seconds of CPU that the process has used. */
	#cpuNow(): number {
		const stat = readFileSync(`/proc/${this.running.child.pid}/stat`, "utf8");
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
	}
}

export async function begin(program: Program): Promise<Candidate> {
	const collector = await startCollector();
	return new Candidate(program, await start(program, collector.url), collector);
}

export function end({ running, collector }: Candidate): void {
	stop(running);
	stopCollector(collector);
}
