// The library's entry: everything that a function imports.
export {
	type Check,
	createHealthCheck,
	createResponseHelper,
} from "./answers.ts";
export {
	createLogger,
	type Health,
	type Logger,
} from "./function-logger.ts";
export type { Tags } from "./instruments.ts";
export {
	type Handler,
	type MonitoredHandler,
	withMonitoring,
} from "./with-monitoring.ts";
