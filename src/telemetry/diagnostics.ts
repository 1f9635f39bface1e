import { DiagLogLevel, diag } from "@opentelemetry/api";
import {
	diagLogLevelFromString,
	getStringFromEnv,
	setGlobalErrorHandler,
} from "@opentelemetry/core";

type Level = "error" | "warn" | "info" | "debug" | "trace";

/** The SDK's own messages go to our log; failed exports don't, for the watch tells of those. */
export function routeDiagnostics(
	log: Readonly<Record<Level, (message: string) => void>>,
): void {
	const level = diagLogLevelFromString(getStringFromEnv("OTEL_LOG_LEVEL"));
	diag.setLogger(
		{
			error: (...words) => log.error(sentence(words)),
			warn: (...words) => log.warn(sentence(words)),
			info: (...words) => log.info(sentence(words)),
			debug: (...words) => log.debug(sentence(words)),
			verbose: (...words) => log.trace(sentence(words)),
		},
		{
			logLevel: level ?? DiagLogLevel.WARN,
			suppressOverrideMessage: true,
		},
	);
	setGlobalErrorHandler((error) =>
		log.debug(error instanceof Error ? error.message : String(error)),
	);
}

/** The SDK gives the name of its part first, then what it says, then objects that may be large. */
function sentence(words: readonly unknown[]): string {
	return words.filter((word) => typeof word === "string").join(": ");
}
