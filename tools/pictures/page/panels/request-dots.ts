import type { DataFrame, GrafanaTheme2 } from "@grafana/data";
import type { UPlotConfigBuilder } from "@grafana/ui";

const radius = 4;

/** Has a graph draw single requests as Grafana does: as diamonds, and those beyond its scale at its edge. */
export function requestDots(
	frames: readonly DataFrame[],
	theme: GrafanaTheme2,
) {
	return {
		fieldMap: {},
		indicesOnly: [],
		init(config: UPlotConfigBuilder) {
			config.addHook("draw", ({ ctx, series, scales, valToPos }) => {
				const key = series[1]?.scale ?? "y";
				const { min = 0, max = 0 } = scales[key] ?? {};
				ctx.fillStyle = theme.visualization.getColorByName("blue");
				for (const { fields, length } of frames) {
					const [time, value] = fields;
					for (let index = 0; index < length; index += 1) {
						const shown = Math.min(Math.max(value?.values[index], min), max);
						const x = valToPos(time?.values[index], "x", true);
						const y = valToPos(shown, key, true);
						ctx.beginPath();
						ctx.moveTo(x, y - radius);
						ctx.lineTo(x + radius, y);
						ctx.lineTo(x, y + radius);
						ctx.lineTo(x - radius, y);
						ctx.fill();
					}
				}
			});
		},
	};
}
