import type { Session } from "./session.ts";

export interface SessionPoolOptions {
	/** Sessions that are open at most. */
	readonly size: number;
	/** Seconds after which a session that nobody uses is closed. */
	readonly idleTime: number;
	open(signal: AbortSignal): Promise<Session>;
	/** Whether a session can be used on after an error. */
	isHarmless(error: unknown): boolean;
}

interface IdleSession {
	readonly session: Session;
	readonly timer: NodeJS.Timeout;
}

/** A few sessions, kept open between their uses, given to those who wait in the order of their coming. */
export class SessionPool {
	readonly #options: SessionPoolOptions;
	readonly #waiting = new Set<() => void>();
	readonly #idle: IdleSession[] = [];
	#free: number;

	constructor(options: SessionPoolOptions) {
		this.#options = options;
		this.#free = options.size;
	}

	/**
	 * Works with a session of its own, which is dropped when the signal is aborted.
	 * Work that fails on a kept session, which may have died unnoticed, is done again on a new one.
	 * @param onTurn called when a session may be had
	 */
	async use<Result>(
		signal: AbortSignal,
		work: (session: Session) => Promise<Result>,
		onTurn?: () => void,
	): Promise<Result> {
		await this.#turn(signal);
		onTurn?.();
		try {
			const kept = this.#takeIdle();
			if (kept !== undefined) {
				try {
					return await this.#useOnce(kept, signal, work);
				} catch (error) {
					if (signal.aborted || this.#options.isHarmless(error)) throw error;
				}
			}
			const session = await this.#options.open(signal);
			return await this.#useOnce(session, signal, work);
		} finally {
			this.#passOn();
		}
	}

	/** Says goodbye on all sessions that are not used just now. */
	async close(): Promise<void> {
		await Promise.all(
			this.#idle.splice(0).map(({ session, timer }) => {
				clearTimeout(timer);
				return session.close();
			}),
		);
	}

	async #turn(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		if (this.#free > 0) {
			this.#free -= 1;
			return;
		}
		await new Promise<void>((resolve, reject) => {
			const giveUp = () => {
				this.#waiting.delete(next);
				reject(signal.reason);
			};
			const next = () => {
				signal.removeEventListener("abort", giveUp);
				resolve();
			};
			signal.addEventListener("abort", giveUp, { once: true });
			this.#waiting.add(next);
		});
	}

	#passOn(): void {
		const [next] = this.#waiting;
		if (next === undefined) {
			this.#free += 1;
			return;
		}
		this.#waiting.delete(next);
		next();
	}

	async #useOnce<Result>(
		session: Session,
		signal: AbortSignal,
		work: (session: Session) => Promise<Result>,
	): Promise<Result> {
		const drop = () => session.destroy();
		signal.addEventListener("abort", drop, { once: true });
		try {
			signal.throwIfAborted();
			const result = await work(session);
			this.#keep(session);
			return result;
		} catch (error) {
			if (signal.aborted || !this.#options.isHarmless(error)) {
				await session.destroy();
			} else {
				this.#keep(session);
			}
			throw error;
		} finally {
			signal.removeEventListener("abort", drop);
		}
	}

	/** The one that was used last: those that are not needed come to their end. */
	#takeIdle(): Session | undefined {
		for (;;) {
			const last = this.#idle.pop();
			if (last === undefined) return undefined;
			clearTimeout(last.timer);
			if (last.session.isOpen) return last.session;
			void last.session.destroy();
		}
	}

	#keep(session: Session): void {
		const timer = setTimeout(() => {
			const index = this.#idle.findIndex((idle) => idle.session === session);
			this.#idle.splice(index, 1);
			void session.close();
		}, this.#options.idleTime * 1000).unref();
		this.#idle.push({ session, timer });
	}
}
