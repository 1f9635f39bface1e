import { run } from "./shell.ts";

/** A Docker engine, by its command line. */
export class Docker {
	readonly environment: Readonly<Record<string, string>>;

	/**
	 * @param socket where the engine listens
	 * @param variables what docker-compose.yml is to be read with
	 */
	constructor(
		socket: string,
		configFolder: string,
		variables: Readonly<Record<string, string>>,
	) {
		this.environment = {
			...variables,
			DOCKER_HOST: `unix://${socket}`,
			DOCKER_CONFIG: configFolder,
			// The builder that is in every engine; the newer one is a plugin of its own.
			DOCKER_BUILDKIT: "0",
		};
	}

	run(...args: string[]): Promise<string> {
		return run("docker", args, { environment: this.environment });
	}

	/** Makes an image of one layer from a folder, as `FROM scratch` would. */
	async import(
		folder: string,
		name: string,
		changes: readonly string[],
	): Promise<void> {
		await run("tar", ["-cf", `${folder}.tar`, "-C", folder, "."]);
		const options = changes.flatMap((change) => ["--change", change]);
		await this.run("import", ...options, `${folder}.tar`, name);
		await run("rm", [`${folder}.tar`]);
	}

	async build(
		context: string,
		name: string,
		options: {
			readonly file: string;
			readonly arguments: Readonly<Record<string, string>>;
		},
	): Promise<void> {
		await this.run(
			"build",
			`--tag=${name}`,
			`--file=${options.file}`,
			...Object.entries(options.arguments).map(
				([key, value]) => `--build-arg=${key}=${value}`,
			),
			context,
		);
	}
}
