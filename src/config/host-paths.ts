/** Where the host's own files are found; in a container they are mounted somewhere else. */
export interface HostPaths {
	/** The host's `/proc` (`HOST_PROC`). */
	readonly proc: string;
	/** The host's `/sys` (`HOST_SYS`). */
	readonly sys: string;
	/** The host's `/` (`HOST_ROOT`). */
	readonly root: string;
}

export function hostPathsFrom(environment: NodeJS.ProcessEnv): HostPaths {
	return {
		proc: environment.HOST_PROC || "/proc",
		sys: environment.HOST_SYS || "/sys",
		root: environment.HOST_ROOT || "/",
	};
}
