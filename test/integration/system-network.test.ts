import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostMetrics } from "../../src/metrics/host.ts";
import { createDiskIoCollector } from "../../src/system/disk-io.ts";
import { createFileDescriptorCollector } from "../../src/system/file-descriptors.ts";
import { createNetworkCollector, isInner } from "../../src/system/network.ts";

const paths = { proc: "/proc", sys: "/sys", root: "/" };
const options = { paths, bootTime: () => 0 };
const { signal } = new AbortController();

function sysNumber(path: string): number {
	return Number(readFileSync(join("/sys", path), "utf8"));
}

describe.runIf(process.platform === "linux")(
	"traffic of this machine, beside what /sys says before and after",
	() => {
		it("is each interface's bytes", async () => {
			const interfaces = readdirSync("/sys/class/net").filter(
				(name) => !isInner(name) && existsSync(`/sys/class/net/${name}/mtu`),
			);
			const bytes = () =>
				interfaces.map((name) =>
					sysNumber(`class/net/${name}/statistics/rx_bytes`),
				);
			const before = bytes();
			const { readings } =
				await createNetworkCollector(options).collect(signal);
			const after = bytes();
			const read = interfaces.map(
				(name) =>
					readings.find(
						({ metric, labels }) =>
							metric === hostMetrics.networkBytes &&
							labels.interface === name &&
							labels.direction === "receive",
					)?.value ?? Number.NaN,
			);
			for (const [i, value] of read.entries()) {
				expect(value).toBeGreaterThanOrEqual(before[i] ?? 0);
				expect(value).toBeLessThanOrEqual(after[i] ?? 0);
			}
		});

		it("is each disk's sectors", async () => {
			const written = (disk: string) => {
				const columns = readFileSync(`/sys/block/${disk}/stat`, "utf8");
				return Number(columns.trim().split(/\s+/)[6]) * 512;
			};
			const { readings } = await createDiskIoCollector(options).collect(signal);
			const writes = readings.filter(
				({ metric, labels }) =>
					metric === hostMetrics.diskBytes && labels.direction === "write",
			);
			const again = await createDiskIoCollector(options).collect(signal);
			expect(again.readings.length).toBe(readings.length);
			for (const { labels, value } of writes) {
				const disk = (labels.device ?? "").replaceAll("/", "!");
				expect(value).toBeLessThanOrEqual(written(disk));
				expect(existsSync(`/sys/block/${disk}/partition`)).toBe(false);
			}
		});

		it("and open files are at least those that this process opened", async () => {
			const { readings } = await createFileDescriptorCollector({
				paths,
			}).collect(signal);
			const open = readings.find(
				({ metric }) => metric === hostMetrics.openFiles,
			);
			expect(open?.value).toBeGreaterThan(0);
		});
	},
);
