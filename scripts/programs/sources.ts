/** A Go module, or a collector's manifest, and the programs that are built of it. */
export interface Source {
	readonly name: string;
	readonly version: string;
	/** The oldest Go that its modules take. */
	readonly go: string;
	/** About how long a build takes with empty caches, on 2 cores. */
	readonly minutes: number;
	readonly programs: readonly ProgramName[];
	readonly recipe: ModuleRecipe | CollectorRecipe;
}

export interface ModuleRecipe {
	readonly kind: "module";
	/** Path and version, as `go mod download` takes it. */
	readonly module: string;
	readonly tags: readonly string[];
	readonly ldflags: string;
	/** Files that the build needs and the published module lacks: path → text. */
	readonly add: Readonly<Record<string, string>>;
}

export interface CollectorRecipe {
	readonly kind: "collector";
	/** Package and version of OCB, the collector's builder. */
	readonly builder: string;
	/** Path in this project. */
	readonly manifest: string;
}

export const programNames = [
	"promtool",
	"prometheus",
	"otelcol",
	"alertmanager",
	"amtool",
] as const;

export type ProgramName = (typeof programNames)[number];

/** The programs that the tests need and npm does not bring, in the versions of docker-compose.yml. */
export const sources: readonly Source[] = [
	{
		name: "prometheus",
		version: "3.16.0",
		go: "1.26.7",
		minutes: 3,
		programs: ["promtool", "prometheus"],
		recipe: {
			kind: "module",
			module: "github.com/prometheus/prometheus@v0.316.0",
			// Leaves out the discovery of cloud services and their client libraries.
			tags: ["remove_all_sd"],
			ldflags: "-s -w -X github.com/prometheus/common/version.Version=3.16.0",
			add: {},
		},
	},
	{
		name: "collector",
		version: "0.158.0",
		go: "1.25.0",
		minutes: 3,
		programs: ["otelcol"],
		recipe: {
			kind: "collector",
			builder: "go.opentelemetry.io/collector/cmd/builder@v0.158.0",
			manifest: "programs/collector.yaml",
		},
	},
	{
		name: "alertmanager",
		version: "0.34.2",
		go: "1.26.0",
		minutes: 1,
		programs: ["alertmanager", "amtool"],
		recipe: {
			kind: "module",
			module: "github.com/prometheus/alertmanager@v0.34.2",
			tags: [],
			ldflags: "-s -w -X github.com/prometheus/common/version.Version=0.34.2",
			// It embeds its compiled web pages, which are no part of the module.
			add: { "ui/app/dist/index.html": "Built without the web pages.\n" },
		},
	},
];
