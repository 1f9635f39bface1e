// Draws each dashboard from its JSON, with what the native stack measured, to docs/pictures/dashboard-<uid>.png:
// node tools/pictures/draw.ts [--minutes 20]; with --prometheus <url>, of a stack that runs already. To look at what the docs do not show:
// --language ja, --theme light, --width 1920, with --folder <where else to>.
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Browser, chromium } from "playwright-core";
import sharp from "sharp";
import { build, preview } from "vite";
import { dashboardsIn } from "../../test/support/dashboards/dashboard-files.ts";
import { WatchedDemo } from "../../test/support/dashboards/watched-demo.ts";
import { type MeasuredPicture, measure } from "./measure.ts";

const docs = fileURLToPath(new URL("../../docs/pictures", import.meta.url));
const { values } = parseArgs({
	options: {
		minutes: { type: "string", default: "20" },
		prometheus: { type: "string" },
		language: { type: "string", default: "en" },
		theme: { type: "string", default: "dark" },
		width: { type: "string", default: "1400" },
		folder: { type: "string", default: docs },
	},
});
const minutes = Number(values.minutes);
const width = Number(values.width);
const { prometheus, language, theme, folder } = values;

mkdirSync(folder, { recursive: true });
if (prometheus !== undefined) {
	await draw(prometheus);
} else {
	const demo = await WatchedDemo.start({ interval: 15, rate: 5 });
	try {
		await sleep(minutes * 60_000);
		await draw(demo.stack.urls.prometheus);
	} finally {
		await demo.end();
	}
}

async function draw(source: string): Promise<void> {
	// All of it before drawing begins, which keeps the machine busy.
	const dashboards = dashboardsIn(
		language === "en" ? "dashboards" : `dashboards-${language}`,
	);
	const pictures = await Promise.all(
		dashboards.map((dashboard) => measure(dashboard, minutes, source)),
	);
	const page = mkdtempSync(join(tmpdir(), "pictures-"));
	const configFile = join(import.meta.dirname, "vite.config.ts");
	await build({ configFile, build: { outDir: page, emptyOutDir: true } });
	const server = await preview({
		configFile,
		build: { outDir: page },
		preview: { host: "127.0.0.1", port: 0 },
	});
	const browser = await chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
	});
	try {
		const [url = ""] = server.resolvedUrls?.local ?? [];
		for (const picture of pictures) await shoot(browser, url, picture);
	} finally {
		await browser.close();
		await server.close();
		rmSync(page, { recursive: true });
	}
}

async function shoot(
	browser: Browser,
	url: string,
	picture: MeasuredPicture,
): Promise<void> {
	const { uid } = picture.dashboard;
	const page = await browser.newPage({ viewport: { width, height: 900 } });
	page.on("pageerror", (error) => console.error(`${uid}: ${error}`));
	await page.route("**/picture.json", (route) =>
		route.fulfill({ json: { ...picture, theme } }),
	);
	// Grafana's styles ask for its fonts by these names.
	for (const [name, weight] of Object.entries({ Regular: 400, Medium: 500 })) {
		const font = `@fontsource/inter/files/inter-latin-${weight}-normal.woff2`;
		await page.route(`**/Inter-${name}.woff2`, (route) =>
			route.fulfill({ path: fileURLToPath(import.meta.resolve(font)) }),
		);
	}
	await page.goto(url);
	const whole = await page.locator("main").boundingBox();
	// What is out of sight is not drawn in tables.
	await page.setViewportSize({ width, height: Math.ceil(whole?.height ?? 0) });
	await page.waitForLoadState("networkidle");
	// Graphs are drawn in the frames that follow.
	await sleep(1000);
	const path = join(folder, `dashboard-${uid}.png`);
	const drawn = await page.screenshot({ fullPage: true });
	await sharp(drawn).png({ palette: true, effort: 10 }).toFile(path);
	await page.close();
	console.log(`${path}: ${Math.round(statSync(path).size / 1000)} kB`);
}
