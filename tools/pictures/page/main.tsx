import "@fontsource/inter/400.css";
import "@fontsource/inter/500.css";
import "@fontsource/roboto-mono/400.css";
import {
	createTheme,
	type DataFrame,
	dateTime,
	type FieldConfigSource,
	ThemeContext,
	type TimeRange,
} from "@grafana/data";
import { GlobalStyles } from "@grafana/ui";
import { createRoot } from "react-dom/client";
import type { Panel, Picture } from "../picture.ts";
import { framesOf } from "./frames.ts";
import { configured, fieldConfigOf, transformed } from "./grafana.ts";
import { PanelPicture } from "./panel.tsx";

// As Grafana lays panels out: 24 columns, rows of 30 pixels, gaps of 8.
const columns = 24;
const rowHeight = 30;
const gap = 8;
const margin = 16;

const picture: Picture = await (await fetch("/picture.json")).json();
const theme = createTheme({ colors: { mode: picture.theme } });

interface DrawnPanel {
	readonly panel: Panel;
	readonly frames: DataFrame[];
	readonly fieldConfig: FieldConfigSource;
}

await draw();

async function draw(): Promise<void> {
	const panels = await Promise.all(picture.dashboard.panels.map(drawnPanel));
	// Grafana's components measure texts before they draw them.
	await Promise.all(
		["400 14px Inter", "500 14px Inter", "400 14px Roboto Mono"].map((font) =>
			document.fonts.load(font),
		),
	);
	const root = document.getElementById("root");
	if (root === null) throw new Error("no place for the picture");
	createRoot(root).render(
		<ThemeContext.Provider value={theme}>
			<GlobalStyles />
			<DashboardPicture panels={panels} />
		</ThemeContext.Provider>,
	);
}

async function drawnPanel(panel: Panel): Promise<DrawnPanel> {
	const fieldConfig = fieldConfigOf(panel);
	const frames = framesOf(
		picture.answers.filter((each) => each.panel === panel.id),
	);
	return {
		panel,
		fieldConfig,
		frames: configured(
			await transformed(panel.transformations ?? [], frames),
			fieldConfig,
			theme,
		),
	};
}

interface Props {
	readonly panels: readonly DrawnPanel[];
}

function DashboardPicture({ panels }: Props) {
	const { dashboard, from, to } = picture;
	const [begin, end] = [dateTime(from), dateTime(to)];
	const timeRange: TimeRange = {
		from: begin,
		to: end,
		raw: { from: begin, to: end },
	};
	const width = document.documentElement.clientWidth - 2 * margin;
	const column = (width + gap) / columns;
	const row = rowHeight + gap;
	const rows = Math.max(
		...panels.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h),
	);
	const names = dashboard.templating.list.map(
		({ name, label }) => `${label ?? name}: All`,
	);
	return (
		<main style={{ padding: margin }}>
			<header
				style={{
					display: "flex",
					gap: 24,
					alignItems: "baseline",
					marginBottom: 12,
				}}
			>
				<h3 style={{ margin: 0 }}>{dashboard.title}</h3>
				<span style={{ color: theme.colors.text.secondary }}>
					{names.join(" · ")}
				</span>
			</header>
			<div style={{ position: "relative", height: rows * row - gap }}>
				{panels.map(({ panel, ...drawn }) => {
					const { x, y, w, h } = panel.gridPos;
					return (
						<div
							key={panel.id}
							style={{ position: "absolute", left: x * column, top: y * row }}
						>
							<PanelPicture
								{...drawn}
								panel={panel}
								width={w * column - gap}
								height={h * row - gap}
								timeRange={timeRange}
							/>
						</div>
					);
				})}
			</div>
		</main>
	);
}
