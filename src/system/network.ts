import type { Collector } from "../collection/collector.ts";
import type { HostPaths } from "../config/host-paths.ts";
import { hostMetrics } from "../metrics/host.ts";
import { counter } from "../metrics/metric.ts";
import { namespaceOwner, readProc } from "./proc-file.ts";

export interface InterfaceTraffic {
	readonly name: string;
	readonly receive: Traffic;
	readonly transmit: Traffic;
}

interface Traffic {
	readonly bytes: number;
	readonly packets: number;
	readonly errors: number;
	readonly dropped: number;
}

/** Traffic of the network interfaces by which the machine, or the container, is connected. */
export function createNetworkCollector(options: {
	readonly paths: HostPaths;
	/** In Unix milliseconds. */
	readonly bootTime: () => number;
}): Collector {
	const { paths, bootTime } = options;
	return {
		name: "network",
		timeLimit: 5,
		async collect() {
			const text = readProc(paths, `${namespaceOwner(paths)}/net/dev`);
			// An interface made later counted nothing before, so that boot is true for it too.
			const since = bootTime();
			const readings = parseNetDev(text)
				.filter(({ name }) => !isInner(name))
				.flatMap((traffic) =>
					(["receive", "transmit"] as const).flatMap((direction) => {
						const { bytes, packets, errors, dropped } = traffic[direction];
						const labels = { interface: traffic.name, direction };
						return [
							counter(hostMetrics.networkBytes, bytes, since, labels),
							counter(hostMetrics.networkPackets, packets, since, labels),
							counter(hostMetrics.networkErrors, errors, since, labels),
							counter(hostMetrics.networkDropped, dropped, since, labels),
						];
					}),
				);
			return { readings };
		},
	};
}

/**
 * Interfaces within the machine, whose traffic either never leaves it or leaves by another one that counts it: loopback,
 * the ends and bridges of containers and virtual machines, tunnels of their networks, dummy and shaping devices.
 * VPNs, VLANs and bonds stay: whether one carries traffic is worth knowing, though the device below counts it again.
 */
const inner = [
	/^lo$/,
	/^(veth|docker|br-|virbr|vnet|tap|fwbr|fwpr|fwln|lxcbr|lxc_|lxdbr|podman|cni|cali|flannel|cilium|weave|vxlan|kube-|nodelocaldns)/,
	/^(dummy|ifb|teql|sit|tunl|gre|gretap|erspan|ip_vti|ip6_vti|ip6tnl|ip6gre)\d+$/,
];

export function isInner(name: string): boolean {
	return inner.some((pattern) => pattern.test(name));
}

/** The interfaces in the text of `/proc/<pid>/net/dev`. Source: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html */
export function parseNetDev(text: string): InterfaceTraffic[] {
	return [...text.matchAll(/^ *([^:|\s]+):(.*)$/gm)].map(
		([, name = "", columns = ""]) => {
			const numbers = columns.trim().split(/\s+/).map(Number);
			return {
				name,
				receive: trafficFrom(numbers.slice(0, 8)),
				transmit: trafficFrom(numbers.slice(8)),
			};
		},
	);
}

function trafficFrom([
	bytes = Number.NaN,
	packets = Number.NaN,
	errors = Number.NaN,
	dropped = Number.NaN,
]: number[]): Traffic {
	return { bytes, packets, errors, dropped };
}
