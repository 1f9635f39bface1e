import { currentPlace } from "./context.ts";
import { readSettings, type Settings } from "./environment.ts";
import { outsideHost } from "./host-tracing.ts";
import { Instruments } from "./instruments.ts";
import {
	encodeLog,
	isLogged,
	type LogEntry,
	ownEntry,
	writeLine,
} from "./log-line.ts";
import { DeltaMetrics, type Instrument, type Labels } from "./metrics.ts";
import type { Attributes } from "./otlp.ts";
import { Outbox } from "./outbox.ts";
import { beforeShutdown, variable, waitUntil } from "./runtime.ts";
import { send } from "./send.ts";
import type { Span } from "./span.ts";
import { isSampled, type TraceContext } from "./trace-context.ts";

/** What all functions and requests of an isolate share. */
export class Isolate {
	readonly settings: Settings;
	/** The fetch that makes no span. */
	readonly fetch = globalThis.fetch;
	/** Ends the requests that are under way, when the isolate has to. */
	readonly underWay = new Set<(reason: unknown) => void>();
	readonly instruments: Instruments;
	readonly #id = crypto.randomUUID();
	readonly #metrics = new DeltaMetrics(Date.now());
	readonly #outbox: Outbox | undefined;
	#cold = true;

	constructor() {
		const wrong: string[] = [];
		this.settings = readSettings(variable, (name, right) => {
			wrong.push(`${name} is ignored: it should be ${right}`);
		});
		this.instruments = new Instruments(this.settings.namespace);
		for (const sentence of wrong) this.log(ownEntry("warn", sentence));
		const { endpoint } = this.settings;
		if (!endpoint) return;
		const outbox = this.#open(endpoint);
		this.#outbox = outbox;
		beforeShutdown((reason) => {
			for (const end of this.underWay) end(reason);
			waitUntil(outbox.flushNow());
		});
	}

	/** Whether this is the first request of the isolate; true once. */
	isColdStart(): boolean {
		const cold = this.#cold;
		this.#cold = false;
		return cold;
	}

	/** Adds to a metric of the contract. What users give, its labels have as `labelValue`. */
	record(
		functionName: string,
		instrument: Instrument,
		value: number,
		labels: Labels,
		span?: TraceContext,
	): void {
		// Named on every metric: functions may share a service's name.
		const all = { function: functionName, ...labels };
		this.measure(functionName, instrument, value, all, span);
	}

	/** Adds to a metric; an exemplar is kept where the span is sampled. */
	measure(
		functionName: string,
		instrument: Instrument,
		value: number,
		labels: Labels,
		span: TraceContext | undefined = currentPlace()?.span,
	): void {
		if (!this.#outbox) return;
		this.#metrics.record(
			functionName,
			instrument,
			value,
			labels,
			Date.now(),
			span && isSampled(span) ? span : undefined,
		);
		this.#flushIfNoRequestWill();
	}

	/** Ends a span, and keeps it to be sent where its trace is sampled. */
	end(functionName: string, span: Span): void {
		if (!this.#outbox || !isSampled(span.context)) return;
		this.#outbox.add({ signal: "traces", functionName, json: span.end() });
		this.#flushIfNoRequestWill();
	}

	/** Writes a line, if its level is asked for. */
	log(entry: LogEntry): void {
		if (!isLogged(entry.level, this.settings.level)) return;
		writeLine(entry);
		if (!this.#outbox || !this.settings.sendLogs) return;
		const { functionName } = entry;
		const json = encodeLog(entry);
		this.#outbox.add({ signal: "logs", functionName, json });
		this.#flushIfNoRequestWill();
	}

	/** Keeps the isolate until what there is is sent. */
	#flushIfNoRequestWill(): void {
		const scope = currentPlace()?.scope;
		if (!scope || scope.over) waitUntil(this.#outbox?.flushSoon());
	}

	#open(endpoint: string): Outbox {
		const { headers } = this.settings;
		return new Outbox(this.#metrics, {
			send: (signal, body) => {
				const url = `${endpoint}/v1/${signal}`;
				const { fetch } = this;
				return outsideHost(() => send({ url, headers, fetch }, body));
			},
			resource: (functionName) => this.#resource(functionName),
			dropped: this.instruments.dropped,
			onChange: (problem) => {
				const entry = problem
					? ownEntry("warn", `Telemetry was not sent: ${problem}`)
					: ownEntry("info", "Telemetry is sent again");
				this.log(entry);
			},
		});
	}

	#resource(functionName: string): Attributes {
		const { resource, serviceName } = this.settings;
		return {
			"service.name": serviceName ?? functionName,
			"service.instance.id": this.#id,
			"faas.name": functionName,
			...resource,
		};
	}
}

let current: Isolate | undefined;

/** The isolate's state, made when it is first needed. */
export function isolate(): Isolate {
	current ??= new Isolate();
	return current;
}
