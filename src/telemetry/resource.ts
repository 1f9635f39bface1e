import {
	defaultResource,
	type Resource,
	resourceFromAttributes,
} from "@opentelemetry/resources";
import {
	ATTR_SERVICE_NAME,
	ATTR_SERVICE_VERSION,
} from "@opentelemetry/semantic-conventions";
import {
	ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
	ATTR_HOST_NAME,
	ATTR_SERVICE_INSTANCE_ID,
} from "@opentelemetry/semantic-conventions/incubating";
import { hostName } from "./host-name.ts";

export interface Identity {
	readonly version: string;
	/** Stays the same through restarts, so that series go on. */
	readonly instanceId: string;
	/** `production`, `staging`, … */
	readonly deployment?: string;
}

/** Who reports, by the semantic conventions. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win over it. */
export function monitorResource(identity: Identity): Resource {
	return defaultResource().merge(
		resourceFromAttributes({
			[ATTR_SERVICE_NAME]: "adult-matching-monitoring",
			[ATTR_SERVICE_VERSION]: identity.version,
			[ATTR_SERVICE_INSTANCE_ID]: identity.instanceId,
			// Messages of alerts name it, whatever OTEL_NODE_RESOURCE_DETECTORS leaves out.
			[ATTR_HOST_NAME]: hostName(),
			...(identity.deployment && {
				[ATTR_DEPLOYMENT_ENVIRONMENT_NAME]: identity.deployment,
			}),
		}),
	);
}
