export { ConfigError } from "./config/config-error.ts";
export type { ConfigInput } from "./config/schema/schema.ts";
export type {
	ComponentStatus,
	IntegrationHealth,
} from "./integration/component-status.ts";
export type { Group } from "./integration/components.ts";
export type { IntegrationMonitor } from "./integration/monitor.ts";
export type {
	ComponentUptime,
	IntegrationHistory,
	PastComponentState,
} from "./integration/past.ts";
export type { State } from "./integration/state.ts";
export {
	createIntegrationMonitor,
	createSystemMonitor,
	createUnifiedMonitor,
} from "./monitors.ts";
export { ListenError } from "./server/listen.ts";
export type { Judgement, SystemState } from "./system/health.ts";
export type {
	PastSystemState,
	ServiceMetric,
	SystemHealth,
	SystemMonitor,
} from "./system/monitor.ts";
