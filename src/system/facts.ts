import type { ReadingBoard } from "../metrics/board.ts";
import { hostMetrics } from "../metrics/host.ts";
import { postgresMetrics } from "../metrics/postgres.ts";
import type { SystemFacts } from "./health.ts";

/** What the latest readings say of the system. */
export function systemFacts(
	board: ReadingBoard,
	problems: readonly string[],
): SystemFacts {
	const databaseUp = board.of(postgresMetrics.up)[0]?.value;
	return {
		cpu: board.of(hostMetrics.cpuPercent)[0]?.value,
		memory: board.of(hostMetrics.memoryPercent)[0]?.value,
		disks: board
			.of(hostMetrics.filesystemPercent)
			.map(({ labels, value: percent }) => ({
				mountPoint: labels.mountpoint ?? "",
				percent,
			})),
		processes: board.of(hostMetrics.processUp).map(({ labels, value }) => ({
			name: labels.process ?? "",
			up: value === 1,
		})),
		databaseUp: databaseUp === undefined ? undefined : databaseUp === 1,
		problems,
	};
}
