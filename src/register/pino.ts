import { isSpanContextValid, trace } from "@opentelemetry/api";
import type { PackageHook } from "./package-hook.ts";

/**
 * Writes `trace_id` and `span_id` into pino's lines.
 *
 * After the timestamp, as that is the one place that is at top level in any format. Not by instrumentation-pino: its mixin
 * lands in `nestedKey` where there is one, as in the contract's format.
 */
export const pino: PackageHook = {
	name: "pino",
	versions: [">=7 <11"],
	patch(exports, guard) {
		const isModule = Reflect.get(exports, Symbol.toStringTag) === "Module";
		const original: unknown = isModule
			? Reflect.get(exports, "default")
			: exports;
		if (typeof original !== "function") return exports;
		const selves: unknown[] = ["default", "pino"];
		const patched: object = new Proxy(original, {
			apply(target, self, args) {
				const logger: unknown = Reflect.apply(target, self, args);
				guard.run("trace ids of pino", () => addIds(logger, target));
				return logger;
			},
			get: (target, key) =>
				selves.includes(key) && Reflect.get(target, key) === original
					? patched
					: Reflect.get(target, key),
		});
		if (!isModule) return patched;
		Reflect.set(exports, "default", patched);
		Reflect.set(exports, "pino", patched);
		return exports;
	},
};

function addIds(logger: unknown, factory: object): void {
	const timeSym = timeSymbolOf(factory);
	if (timeSym === undefined || typeof logger !== "object" || logger === null) {
		throw new TypeError("pino has no place for a timestamp");
	}
	const time: unknown = Reflect.get(logger, timeSym);
	if (typeof time !== "function") return;
	Reflect.set(logger, timeSym, function (this: unknown) {
		const begin: string = Reflect.apply(time, this, []);
		return begin.includes('"trace_id"') ? begin : begin + activeIds();
	});
}

function timeSymbolOf(factory: object): symbol | undefined {
	const symbols: unknown = Reflect.get(factory, "symbols");
	if (typeof symbols !== "object" || symbols === null) return undefined;
	const symbol: unknown = Reflect.get(symbols, "timeSym");
	return typeof symbol === "symbol" ? symbol : undefined;
}

/** The ids of the active span, as fields of JSON that begin with a comma. */
function activeIds(): string {
	const span = trace.getActiveSpan()?.spanContext();
	return span && isSpanContextValid(span)
		? `,"trace_id":"${span.traceId}","span_id":"${span.spanId}"`
		: "";
}
