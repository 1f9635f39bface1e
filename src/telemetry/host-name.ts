import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { ResourceDetector } from "@opentelemetry/resources";
import { ATTR_HOST_NAME } from "@opentelemetry/semantic-conventions/incubating";
import { hostPathsFrom } from "../config/host-paths.ts";

/**
 * What a person calls the machine that is monitored. In a container that sees the host's files (`HOST_ROOT`) it is the host's name, since
 * the container's own is but an id that is new with each container.
 */
export function hostName(environment = process.env): string {
	const { root } = hostPathsFrom(environment);
	return (root !== "/" && nameIn(join(root, "etc/hostname"))) || hostname();
}

/** For OpenTelemetry's detectors: comes after its own of the host, which knows only the container's name. */
export const hostNameDetector: ResourceDetector = {
	detect: () => ({ attributes: { [ATTR_HOST_NAME]: hostName() } }),
};

/** Source of the format: https://www.freedesktop.org/software/systemd/man/latest/hostname.html */
function nameIn(file: string): string | undefined {
	try {
		const lines = readFileSync(file, "utf8").split("\n");
		return lines
			.map((line) => line.trim())
			.find((line) => line !== "" && !line.startsWith("#"));
	} catch {
		return undefined;
	}
}
