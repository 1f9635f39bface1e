import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, rmSync } from "node:fs";
import { join } from "node:path";
import { programPath } from "../../scripts/programs/cache.ts";
import type { MadeSeries } from "./series.ts";

/** Seconds of a block, as Prometheus makes them of smaller ones in 15 days. */
const blockLength = 18 * 3600;

/** Fills Prometheus' folder with samples of some days, up to a time in seconds. Gives how many they are. */
export async function makeBlocks(
	folder: string,
	series: readonly MadeSeries[],
	{ days, end, interval }: { days: number; end: number; interval: number },
): Promise<number> {
	const beginnings = series.map(beginningOf);
	const begin = end - days * 86_400;
	let count = 0;
	for (let from = begin; from <= end; ) {
		const next = (Math.floor(from / blockLength) + 1) * blockLength;
		const to = Math.min(next - 1, end);
		const text = join(folder, "samples.txt");
		const file = createWriteStream(text, { highWaterMark: 1 << 24 });
		for (; from <= to; from += interval) {
			const lines = series.flatMap((each, index) =>
				hasSample(each, index, from)
					? `${beginnings[index]}${valueAt(from - begin, each.rise, index)} ${from}\n`
					: [],
			);
			count += lines.length;
			if (!file.write(lines.join(""))) await once(file, "drain");
		}
		file.end("# EOF\n");
		await once(file, "finish");
		execFileSync(
			programPath("promtool"),
			[
				"tsdb",
				"create-blocks-from",
				"openmetrics",
				`--max-block-duration=${blockLength}s`,
				text,
				folder,
			],
			{ stdio: ["ignore", "ignore", "inherit"] },
		);
		rmSync(text);
	}
	return count;
}

function beginningOf({ name, labels }: MadeSeries): string {
	const pairs = Object.entries(labels).map(
		([label, value]) => `${label}="${value}"`,
	);
	return `${name}{${pairs.join(",")}} `;
}

function hasSample(
	{ interval = 1, isRare }: MadeSeries,
	index: number,
	seconds: number,
): boolean {
	const isItsHour = (Math.floor(seconds / 3600) + index) % 10 === 0;
	return seconds % interval === 0 && (!isRare || isItsHour);
}

/** Load has its tides, other ones for each series; a counter never falls. */
function valueAt(seconds: number, rise: number, index: number): number {
	const tide = Math.sin(seconds / 7000 + index);
	if (rise === 0) return Math.round((1 + tide) * 1000) / 1000;
	return Math.floor(rise * (seconds + 3600 * (1 + tide)));
}
