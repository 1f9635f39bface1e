import {
	createDataFrame,
	type DataFrame,
	DataFrameType,
	type Field,
	FieldType,
	type Labels,
} from "@grafana/data";
import type { Series } from "../../../test/support/dashboards/ask.ts";
import type { Answer } from "../picture.ts";

/** The answers of a panel's queries as Grafana's data source for Prometheus gives them. */
export function framesOf(answers: readonly Answer[]): DataFrame[] {
	return answers.flatMap((answer) => {
		if (answer.ofExemplars) return answer.series.map(requestsFrame);
		switch (answer.format) {
			case "table":
				return tableOf(answer, answers.length > 1);
			case "heatmap":
				return heatmapOf(answer);
			default:
				return answer.series.map((series) => seriesFrame(answer, series));
		}
	});
}

/** Whether a frame is of single requests, which are drawn as dots. */
export function isOfRequests({ name }: DataFrame): boolean {
	return name === "exemplar";
}

function requestsFrame({ samples }: Series): DataFrame {
	return createDataFrame({
		name: "exemplar",
		fields: [
			timeField(samples, 0),
			{
				name: "Value",
				type: FieldType.number,
				config: {},
				values: samples.map(([, value]) => Number(value)),
			},
		],
	});
}

function seriesFrame(answer: Answer, { labels, samples }: Series): DataFrame {
	return createDataFrame({
		refId: answer.refId,
		fields: [
			timeField(samples, answer.step),
			{
				name: "Value",
				type: FieldType.number,
				labels: withoutName(labels),
				config: { displayNameFromDS: legendOf(answer.legend, labels) },
				values: samples.map(([, value]) => Number(value)),
			},
		],
	});
}

function tableOf({ refId, series }: Answer, isOneOfMany: boolean): DataFrame[] {
	const rows = series.flatMap(({ labels, samples }) =>
		samples.map(([time, value]) => ({ labels, time, value })),
	);
	const names = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
	if (rows.length === 0) return [];
	return [
		createDataFrame({
			refId,
			fields: [
				{
					name: "Time",
					type: FieldType.time,
					config: {},
					values: rows.map(({ time }) => time * 1000),
				},
				...[...names].toSorted().map((name) => ({
					name,
					type: FieldType.string,
					config: {},
					values: rows.map(({ labels }) => labels[name]),
				})),
				{
					name: isOneOfMany ? `Value #${refId}` : "Value",
					type: FieldType.number,
					config: {},
					values: rows.map(({ value }) => Number(value)),
				},
			],
		}),
	];
}

/** Prometheus' buckets hold all that is smaller, too: what is in each alone is the difference to the one before. */
function heatmapOf({ refId, series, step }: Answer): DataFrame[] {
	const buckets = series.toSorted((a, b) => boundOf(a) - boundOf(b));
	const times = [
		...new Set(buckets.flatMap(({ samples }) => samples.map(([time]) => time))),
	].toSorted((a, b) => a - b);
	if (buckets.length === 0) return [];
	let before = times.map(() => 0);
	const fields = buckets.map(({ labels, samples }): Field => {
		const at = new Map(samples.map(([time, value]) => [time, Number(value)]));
		const counts = times.map((time) => at.get(time) ?? 0);
		const values = counts.map((count, index) =>
			Math.max(0, count - (before[index] ?? 0)),
		);
		before = counts;
		return {
			name: labels.le ?? "",
			type: FieldType.number,
			labels: { ...labels },
			config: {},
			values,
		};
	});
	return [
		createDataFrame({
			refId,
			meta: { type: DataFrameType.HeatmapRows },
			fields: [
				timeField(
					times.map((time) => [time]),
					step,
				),
				...fields,
			],
		}),
	];
}

function timeField(
	samples: readonly (readonly [number, ...unknown[]])[],
	step: number,
): Field {
	return {
		name: "Time",
		type: FieldType.time,
		config: { interval: step * 1000 },
		values: samples.map(([time]) => time * 1000),
	};
}

function boundOf({ labels }: Series): number {
	return Number(labels.le?.replace("Inf", "Infinity"));
}

function legendOf(format: string, labels: Labels): string | undefined {
	if (format === "__auto" || format === "") return undefined;
	return format.replaceAll(
		/\{\{\s*(\w+)\s*\}\}/g,
		(_, name) => labels[name] ?? "",
	);
}

function withoutName({ __name__, ...labels }: Labels): Labels {
	return labels;
}
