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
			error: (message) => log.error(message),
			warn: (message) => log.warn(message),
			info: (message) => log.info(message),
			debug: (message) => log.debug(message),
			verbose: (message) => log.trace(message),
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
