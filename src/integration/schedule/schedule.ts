import { nextTurn, phasesOf } from "./phases.ts";
import { Slots } from "./slots.ts";

/** Something that is done again and again. */
export interface Task {
	/** Seconds between two runs. */
	readonly interval: number;
	/**
	 * Never rejects. What it gives is done after it has left its place, so that it may wait for other tasks;
	 * only then has the run ended.
	 */
	run(signal: AbortSignal): Promise<(() => Promise<void>) | undefined>;
	/** Told when a run was left out, because the one before had not ended. */
	onSkipped(): void;
	/** Told how late a run began, in seconds. */
	onBegin(delay: number): void;
}

/** Seconds from which a run counts as slow. */
const slowFrom = 1;
const limits = { all: 200, slow: 100 };

interface Turn {
	readonly task: Task;
	readonly interval: number;
	readonly phase: number;
	timer?: NodeJS.Timeout;
	again?: NodeJS.Timeout;
	running?: Promise<void>;
	wasSlow: boolean;
}

/**
 * Runs each task at its own turn: spread over the interval, never twice at a time, so many at a time, and slow ones
 * never in all places. A run that is late makes no other one late: turns are fixed in time.
 */
export class Schedule {
	readonly #slots = new Slots(limits);
	readonly #turns = new Map<Task, Turn>();
	readonly #abort = new AbortController();
	/** What Unix time was when the monotonic clock stood at zero: a clock that is set meanwhile moves no turn. */
	readonly #origin = Date.now() - performance.now();

	constructor(tasks: readonly Task[]) {
		for (const [task, phase] of phasesOf(tasks)) {
			const interval = task.interval * 1000;
			this.#turns.set(task, { task, interval, phase, wasSlow: false });
		}
	}

	/** Begins with the turns, and with one run of each task that has to have one at once; resolves when those have ended. */
	async start(atOnce: (task: Task) => boolean): Promise<void> {
		const turns = [...this.#turns.values()];
		for (const turn of turns) this.#plan(turn);
		await Promise.all(
			turns
				.filter(({ task }) => atOnce(task))
				.map((turn) => this.#run(turn, this.#now())),
		);
	}

	/** Runs a task now, or waits for the run that is under way. */
	async runNow(task: Task): Promise<void> {
		const turn = this.#turns.get(task);
		if (turn) await (turn.running ?? this.#run(turn, this.#now()));
	}

	/** Runs a task once more soon, beside its turns; asked for twice, it is once. */
	runSoon(task: Task, seconds: number): void {
		const turn = this.#turns.get(task);
		if (!turn || turn.again || this.#abort.signal.aborted) return;
		turn.again = setTimeout(() => {
			turn.again = undefined;
			if (!turn.running) void this.#run(turn, this.#now());
		}, seconds * 1000);
	}

	/** Has what is under way end soon; nothing begins any more. */
	abort(): void {
		this.#abort.abort();
	}

	/** Ends all, and waits for what is under way to end. */
	async stop(): Promise<void> {
		this.abort();
		for (const { timer, again } of this.#turns.values()) {
			clearTimeout(timer);
			clearTimeout(again);
		}
		await Promise.all([...this.#turns.values()].map(({ running }) => running));
	}

	#now(): number {
		return this.#origin + performance.now();
	}

	#plan(turn: Turn): void {
		const due = nextTurn(this.#now(), turn.interval, turn.phase);
		turn.timer = setTimeout(() => this.#take(turn, due), due - this.#now());
	}

	#take(turn: Turn, due: number): void {
		// A timer may fire a fraction of a millisecond early: the same turn must not come twice.
		if (this.#now() < due) {
			turn.timer = setTimeout(() => this.#take(turn, due), 1);
			return;
		}
		this.#plan(turn);
		if (turn.running) turn.task.onSkipped();
		else void this.#run(turn, due);
	}

	#run(turn: Turn, due: number): Promise<void> {
		turn.running = this.#runInSlot(turn, due).finally(() => {
			turn.running = undefined;
		});
		return turn.running;
	}

	async #runInSlot(turn: Turn, due: number): Promise<void> {
		const leave = await this.#slots.take(turn.wasSlow);
		const { signal } = this.#abort;
		if (signal.aborted) return leave();
		const begin = this.#now();
		turn.task.onBegin((begin - due) / 1000);
		const follow = await turn.task.run(signal);
		turn.wasSlow = this.#now() - begin > slowFrom * 1000;
		leave();
		await follow?.();
	}
}
