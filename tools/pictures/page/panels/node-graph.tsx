import type { DataFrame } from "@grafana/data";
import type { Drawing } from "./drawing.ts";

const radius = 17;
const fontSize = 11;

interface Edge {
	readonly client: string;
	readonly server: string;
	readonly rate: number;
}

/** Who calls whom, from left to right. Grafana's own node graph is a part of its application. */
export function drawNodeGraph({ width, height, frames, theme }: Drawing) {
	const edges = frames.flatMap(edgesOf);
	const places = placesOf(edges, width, height);
	const at = (name: string) => places.get(name) ?? { x: 0, y: 0 };
	const { text, border, background } = theme.colors;
	return (
		<svg width={width} height={height} role="img">
			<title>who calls whom</title>
			<defs>
				<marker
					id="arrow"
					orient="auto"
					markerWidth={5}
					markerHeight={5}
					refX={4}
					refY={2.5}
				>
					<path d="M 0 0 L 5 2.5 L 0 5 z" fill={text.secondary} />
				</marker>
			</defs>
			{edges.map(({ client, server }) => {
				const [from, to] = [at(client), at(server)];
				const length = Math.hypot(to.x - from.x, to.y - from.y);
				const dx = ((to.x - from.x) / length) * (radius + 4);
				const dy = ((to.y - from.y) / length) * (radius + 4);
				return (
					<line
						key={`${client} ${server}`}
						x1={from.x + dx}
						y1={from.y + dy}
						x2={to.x - dx}
						y2={to.y - dy}
						stroke={border.strong}
						strokeWidth={1.5}
						markerEnd="url(#arrow)"
					/>
				);
			})}
			{[...places].map(([name, { x, y }]) => (
				<g key={name} textAnchor="middle" fontSize={fontSize}>
					<circle
						cx={x}
						cy={y}
						r={radius}
						fill={background.secondary}
						stroke={theme.visualization.getColorByName("green")}
						strokeWidth={2}
					/>
					<text x={x} y={y + 4} fill={text.primary}>
						{servedBy(name, edges)}
					</text>
					<text
						x={x}
						y={y + radius + fontSize + 2}
						fill={text.primary}
						stroke={background.primary}
						strokeWidth={4}
						paintOrder="stroke"
					>
						{name}
					</text>
				</g>
			))}
			<text x={4} y={height - 4} fontSize={fontSize} fill={text.secondary}>
				in the circles: calls a second
			</text>
		</svg>
	);
}

function edgesOf({ fields, length }: DataFrame): Edge[] {
	const named = (name: string) => fields.find((field) => field.name === name);
	const [clients, servers, rates] = ["client", "server", "Value"].map(named);
	return Array.from({ length }, (_, index) => ({
		client: String(clients?.values[index]),
		server: String(servers?.values[index]),
		rate: Number(rates?.values[index]),
	}));
}

/** Calls a second; nothing of those that only call. */
function servedBy(name: string, edges: readonly Edge[]): string {
	const rates = edges
		.filter(({ server }) => server === name)
		.map(({ rate }) => rate);
	if (rates.length === 0) return "";
	return rates.reduce((sum, rate) => sum + rate, 0).toFixed(1);
}

/** A column for each number of calls between a service and who calls it first of all. */
function placesOf(edges: readonly Edge[], width: number, height: number) {
	const names = [
		...new Set(edges.flatMap(({ client, server }) => [client, server])),
	].toSorted();
	const depths = new Map(names.map((name) => [name, 0]));
	// As many rounds as there are services are enough, also where they call each other in a circle.
	for (const _ of names) {
		for (const { client, server } of edges) {
			const depth = Math.min((depths.get(client) ?? 0) + 1, names.length);
			depths.set(server, Math.max(depths.get(server) ?? 0, depth));
		}
	}
	const columns = [...new Set(depths.values())].toSorted((a, b) => a - b);
	return new Map(
		names.map((name) => {
			const depth = depths.get(name) ?? 0;
			const column = columns.indexOf(depth);
			const inColumn = names.filter((each) => depths.get(each) === depth);
			const x = ((column + 0.5) / columns.length) * width;
			const y =
				((inColumn.indexOf(name) + 0.5) / inColumn.length) *
					(height - 2 * fontSize) -
				fontSize / 2;
			return [name, { x, y }] as const;
		}),
	);
}
