import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
	Schedule,
	type Task,
} from "../../../../src/integration/schedule/schedule.ts";

beforeEach(() => {
	vi.useFakeTimers({
		toFake: ["setTimeout", "clearTimeout", "Date", "performance"],
	});
	vi.setSystemTime(1_800_000_000_000);
});
afterEach(() => {
	vi.useRealTimers();
});

/** A task that notes when it begins, in seconds from the start. */
class Noted implements Task {
	readonly interval: number;
	readonly begun: number[] = [];
	readonly delays: number[] = [];
	skipped = 0;
	readonly #start = Date.now();
	readonly #work: (signal: AbortSignal) => Promise<void>;

	constructor(
		interval: number,
		work: (signal: AbortSignal) => Promise<void> = async () => {},
	) {
		this.interval = interval;
		this.#work = work;
	}

	async run(signal: AbortSignal) {
		this.begun.push((Date.now() - this.#start) / 1000);
		await this.#work(signal);
		return undefined;
	}

	onSkipped() {
		this.skipped += 1;
	}

	onBegin(delay: number) {
		this.delays.push(delay);
	}
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

/** Hangs until it is aborted. */
const hang = (signal: AbortSignal) =>
	new Promise<void>((resolve) => {
		signal.addEventListener("abort", () => resolve());
	});

describe("a schedule", () => {
	test("runs each task at its own turn, spread over the interval", async () => {
		const tasks = [new Noted(30), new Noted(30), new Noted(30)];
		const schedule = new Schedule(tasks);
		await schedule.start(() => false);
		await seconds(65);
		await schedule.stop();
		expect(tasks.map(({ begun }) => begun)).toEqual([
			[30, 60],
			[10, 40],
			[20, 50],
		]);
	});

	test("runs at once what has to be, and waits for it", async () => {
		const first = new Noted(30);
		const second = new Noted(30);
		const schedule = new Schedule([first, second]);
		await schedule.start((task) => task === second);
		expect([first.begun, second.begun]).toEqual([[], [0]]);
		await schedule.stop();
	});

	test("never runs a task twice at a time, counts what it leaves out, and keeps the others' turns", async () => {
		const hung = new Noted(10, hang);
		const well = new Noted(10);
		const schedule = new Schedule([hung, well]);
		await schedule.start(() => false);
		await seconds(41);
		expect(hung.begun).toEqual([10]);
		expect(hung.skipped).toBe(3);
		expect(well.begun).toEqual([5, 15, 25, 35]);
		expect(well.delays).toEqual([0, 0, 0, 0]);
		await schedule.stop();
	});

	test("is not held up by hundreds of tasks that hang", async () => {
		const hung = Array.from({ length: 400 }, () => new Noted(10, hang));
		const well = Array.from({ length: 10 }, () => new Noted(10));
		const schedule = new Schedule([...hung, ...well]);
		await schedule.start((task) => well.some((each) => each === task));
		await seconds(4.5);
		expect(hung.filter(({ begun }) => begun.length > 0)).toHaveLength(184);
		await schedule.stop();
	});

	test("gives slow tasks a part of the places only, from their second run on", async () => {
		const slow = Array.from(
			{ length: 200 },
			() =>
				new Noted(
					10,
					() => new Promise((resolve) => setTimeout(resolve, 9000)),
				),
		);
		const well = new Noted(10);
		const schedule = new Schedule([...slow, well]);
		const started = schedule.start(() => true);
		await seconds(19);
		await started;
		await seconds(30);
		expect(well.begun.length).toBeGreaterThanOrEqual(4);
		expect(Math.max(...well.delays.slice(2))).toBeCloseTo(0, 2);
		const stopped = schedule.stop();
		await seconds(10);
		await stopped;
	});

	test("runs a task once more soon, once however often it is asked for", async () => {
		const task = new Noted(30);
		const schedule = new Schedule([task]);
		await schedule.start(() => true);
		schedule.runSoon(task, 2);
		schedule.runSoon(task, 2);
		await seconds(10);
		expect(task.begun).toEqual([0, 2]);
		await schedule.stop();
	});

	test("waits for the run under way instead of beginning another", async () => {
		const task = new Noted(
			30,
			() => new Promise((resolve) => setTimeout(resolve, 1000)),
		);
		const schedule = new Schedule([task]);
		const started = schedule.start(() => true);
		const asked = schedule.runNow(task);
		await seconds(1);
		await Promise.all([started, asked]);
		expect(task.begun).toEqual([0]);
		await schedule.stop();
	});

	test("does what follows a run outside of the places, so that runs may wait for each other", async () => {
		const parent = new Noted(30);
		const children = Array.from({ length: 300 }, () => ({
			interval: 30,
			run: async () => () => schedule.runNow(parent),
			onSkipped: () => {},
			onBegin: () => {},
		}));
		const schedule: Schedule = new Schedule([...children, parent]);
		await schedule.start((task) => task !== parent);
		expect(parent.begun.length).toBeGreaterThan(0);
		await schedule.stop();
	});

	test("begins nothing any more once it has stopped", async () => {
		const task = new Noted(1);
		const schedule = new Schedule([task]);
		await schedule.start(() => true);
		schedule.runSoon(task, 2);
		await schedule.stop();
		await seconds(10);
		schedule.runSoon(task, 1);
		await seconds(10);
		expect(task.begun).toEqual([0]);
	});
});
