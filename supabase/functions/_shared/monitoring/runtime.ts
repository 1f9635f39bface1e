/** What the library asks of the runtime that it is in; every part may be missing. */
interface Runtime {
	readonly Deno?: {
		readonly env?: { get(name: string): string | undefined };
	};
	readonly process?: {
		readonly env: Readonly<Record<string, string | undefined>>;
	};
	readonly EdgeRuntime?: {
		waitUntil?(promise: Promise<unknown>): unknown;
	};
	addEventListener?(type: string, listener: (event: unknown) => void): void;
}

const runtime: Runtime = globalThis;

/** An environment variable; an empty one, or one that may not be read, is as one that isn't set. */
export function variable(name: string): string | undefined {
	try {
		const env = runtime.Deno?.env;
		return (env ? env.get(name) : runtime.process?.env[name]) || undefined;
	} catch {
		return undefined;
	}
}

/** Keeps the isolate until the work is done, where the runtime can; elsewhere the work goes on in the background. */
export function waitUntil(work: unknown): void {
	const settled = Promise.resolve(work).catch(() => {});
	try {
		runtime.EdgeRuntime?.waitUntil?.(settled);
	} catch {
		// Refused outside a request by some runtimes; the work goes on as long as the isolate does.
	}
}

/** Calls back when the runtime is about to end the isolate, with its reason where it gives one. */
export function beforeShutdown(end: (reason: unknown) => void): void {
	runtime.addEventListener?.("beforeunload", (event) => {
		end(property(property(event, "detail"), "reason"));
	});
}

export function delay(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Anything as text, without ever throwing. */
export function textOf(value: unknown): string {
	try {
		return String(value);
	} catch {
		return "[unreadable]";
	}
}

/** A property of anything, without ever throwing: hostile getters and proxies give `undefined`. */
export function property(of: unknown, key: PropertyKey): unknown {
	try {
		return Reflect.get(Object(of), key);
	} catch {
		return undefined;
	}
}
