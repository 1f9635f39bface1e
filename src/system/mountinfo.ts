/** A line of `/proc/<pid>/mountinfo`. Source: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
export interface Mount {
	/** `major:minor` of the file system. */
	readonly device: string;
	/** Which directory of the file system is mounted: `/`, or another for a bind mount. */
	readonly root: string;
	readonly mountPoint: string;
	readonly type: string;
	/** What is mounted: mostly a path in `/dev`. */
	readonly source: string;
	/** Options of the file system itself, not of this mount of it. */
	readonly superOptions: readonly string[];
}

/** The mounts in the order of the text. */
export function parseMountinfo(text: string): Mount[] {
	return text.split("\n").flatMap((line) => {
		// Blanks within a field are escaped, so that the separator is unmistakable.
		const [mount = "", fileSystem] = line.split(" - ");
		if (fileSystem === undefined) return [];
		const [, , device = "", root = "", mountPoint = ""] = mount.split(" ");
		const [type = "", source = "", options = ""] = fileSystem.split(" ");
		return {
			device,
			root: unescaped(root),
			mountPoint: unescaped(mountPoint),
			type,
			source: unescaped(source),
			superOptions: options.split(","),
		};
	});
}

/** The kernel writes blanks, backslashes and # as three octal digits. */
function unescaped(field: string): string {
	return field.replace(/\\([0-7]{3})/g, (_, octal: string) =>
		String.fromCharCode(Number.parseInt(octal, 8)),
	);
}
