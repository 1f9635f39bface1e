import { readFileSync } from "node:fs";
import { parser } from "@grafana/lezer-traceql";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { alerts } from "../alerts/alert-files.ts";
import { nameOf, queries, type Written, written } from "./written.ts";

const dataSources = z
	.object({ datasources: z.array(z.object({ uid: z.string() })) })
	.parse(
		parse(readFileSync("grafana/provisioning/datasources/stack.yaml", "utf8")),
	)
	.datasources.map(({ uid }) => uid);

test("there are six dashboards, whose uids alerts and old links lead to", () => {
	const uids = written.map(({ uid }) => uid);
	expect(uids).toEqual([
		"system-overview",
		"integration",
		"performance",
		"edge-functions",
		"database",
		"pipeline",
	]);
	const linked = alerts.map(({ annotations }) =>
		annotations.dashboard_url?.replace(/^\/d\/([^?]+).*/, "$1"),
	);
	expect(uids).toEqual(expect.arrayContaining([...new Set(linked)]));
});

test("what a message chooses in its link is a variable, and of the label that it is given", () => {
	const chosen = alerts.flatMap(({ annotations: { dashboard_url = "" } }) => {
		const uid = dashboard_url.replace(/^\/d\/([^?]+).*/, "$1");
		const list = written.find((each) => each.uid === uid)?.templating.list;
		const links = /&var-(\w+)=\{\{ \$labels\.(\w+) \| urlquery \}\}/g;
		return [...dashboard_url.matchAll(links)].map(([, name, label]) => ({
			label,
			query: list?.find((each) => each.name === name)?.query.query,
		}));
	});
	expect(chosen.length).toBeGreaterThan(10);
	for (const { label, query } of chosen) {
		expect(query).toMatch(new RegExp(`, ${label}\\)$`));
	}
});

describe.each(
	written.map((dashboard) => [dashboard.title, dashboard] as const),
)("%s", (_, dashboard) => {
	const { panels, templating, annotations, links } = dashboard;

	test("is one that Grafana loads, and nobody changes there", () => {
		expect(dashboard.schemaVersion).toBe(42);
		expect(dashboard.editable).toBe(false);
	});

	test("has at most 15 panels, each of its own id", () => {
		expect(panels.length).toBeLessThanOrEqual(15);
		expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
	});

	test("has rows without holes, whose panels don't cover each other", () => {
		const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
			Array.from({ length: w * h }, (_, cell) => {
				expect(x + w).toBeLessThanOrEqual(24);
				return `${x + (cell % w)}/${y + Math.floor(cell / w)}`;
			}),
		);
		expect(new Set(cells).size).toBe(cells.length);
		const bottom = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
		expect(cells.length).toBe(24 * bottom);
	});

	test("says in its first row whether anything is wrong, and where", () => {
		const first = panels.filter(({ gridPos }) => gridPos.y === 0);
		expect(first[0]?.type).toBe("stat");
		const asked = first.flatMap(({ targets }) =>
			targets.map(({ expr }) => expr),
		);
		expect(asked.join()).toContain('ALERTS{alertstate="firing"');
	});

	test("asks only data sources that there are", () => {
		const asked = JSON.stringify(dashboard).matchAll(
			/"datasource":\{"type":"\w+","uid":"([^"]*)"\}/g,
		);
		for (const [, uid] of asked) expect(dataSources).toContain(uid);
		for (const { targets } of panels) {
			expect(targets.length).toBeGreaterThan(0);
		}
	});

	test("has panels that say what they show, in which unit, and why they may be empty", () => {
		for (const { title, description, fieldConfig } of panels) {
			const { unit, noValue } = fieldConfig.defaults;
			expect(description, title).toMatch(/^[A-Z0-9].+\.$/);
			expect(unit, title).not.toBe("");
			expect(noValue, title).toMatch(/^✔|: see .*\.$|\.$/);
		}
	});

	test("has a legend for every number of a graph", () => {
		for (const { type, title, targets } of panels) {
			if (type !== "timeseries") continue;
			for (const { legendFormat } of targets) {
				expect(legendFormat, title).not.toBe("");
			}
			const legends = targets.map(({ legendFormat }) => legendFormat);
			const named = legends.filter((legend) => !legend?.includes("{{"));
			expect(new Set(named).size, title).toBe(named.length);
		}
	});

	test("has states that are told by a sign and a word", () => {
		for (const text of meaningsIn(dashboard)) {
			expect(text).toMatch(/^[✔✖▲?…ℹ] \S+/);
		}
	});

	test("has variables of which all, one or several can be chosen", () => {
		expect(templating.list[0]?.name).toBe("environment");
		for (const variable of templating.list) {
			expect(variable).toMatchObject({
				multi: true,
				includeAll: true,
				allValue: ".*",
			});
		}
	});

	test("uses the variables that it has, and no others", () => {
		const used = JSON.stringify(panels).matchAll(/[=!]~\s*\\"\$(\w+)\\"/g);
		expect(new Set([...used].map(([, name]) => name))).toEqual(
			new Set(templating.list.map(({ name }) => name)),
		);
	});

	test("links to the others, with the time and what is chosen", () => {
		expect(links).toMatchObject([
			{ type: "dashboards", keepTime: true, includeVars: true },
		]);
		expect(dashboard.tags).toEqual(links[0]?.tags);
	});

	test("marks on its graphs when alerts fired", () => {
		const asked = annotations.list.map(({ expr }) => expr);
		expect(asked.join()).toMatch(/severity="critical".*severity="warning"/);
		expect(asked.every((expr) => expr.startsWith("ALERTS{"))).toBe(true);
	});
});

test("a limit of the configuration is drawn wherever there is one", () => {
	const drawn = queries
		.filter(({ target }) => target.refId === "warning")
		.map(
			(query) => `${nameOf(query)} ${/signal="(\w+)"/.exec(query.expr)?.[1]}`,
		);
	expect(drawn).toEqual([
		"system-overview 4 warning: CPU cpu",
		"system-overview 5 warning: Memory memory",
		"system-overview 6 warning: Disks disk",
		"system-overview 9 warning: Failed requests error_rate",
		"integration 7 warning: Probes response_time",
		"performance 5 warning: Failed requests error_rate",
		"performance 7 warning: Response times response_time",
		"edge-functions 5 warning: Failed requests error_rate",
		"edge-functions 6 warning: Response times response_time",
		"edge-functions 10 warning: Failed operations error_rate",
	]);
});

test("a search for traces is TraceQL", () => {
	const searches = written.flatMap(({ panels }) =>
		panels.flatMap(({ targets }) =>
			targets.flatMap(({ queryType, query }) =>
				queryType === "traceql" ? (query ?? "") : [],
			),
		),
	);
	expect(searches.length).toBeGreaterThan(2);
	for (const search of [...searches]) {
		expect(errorsIn(search), search).toBe(0);
	}
	expect(errorsIn("{ kind = server && }")).toBeGreaterThan(0);
});

function errorsIn(traceql: string): number {
	let errors = 0;
	parser.parse(traceql).iterate({
		enter: ({ type }) => {
			if (type.isError) errors += 1;
		},
	});
	return errors;
}

/** The texts of all numbers and words that stand for a state. */
function meaningsIn({ panels }: Written): string[] {
	const text = JSON.stringify(panels.map(({ fieldConfig }) => fieldConfig));
	return [...text.matchAll(/\{"text":"([^"]*)","color":/g)].map(
		([, meaning = ""]) => meaning,
	);
}
