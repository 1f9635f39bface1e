import { parseMountinfo } from "./mountinfo.ts";

/** A file system that holds data of this machine, at one of the places where it is mounted. */
export interface FileSystem {
	/** As the watched machine sees it. */
	readonly mountPoint: string;
	/** `major:minor` */
	readonly device: string;
	/** What is mounted: mostly a path in `/dev`. */
	readonly source: string;
	readonly type: string;
	/** Whether the file system itself is read-only, not just this mount of it. */
	readonly readOnly: boolean;
}

/**
 * Chooses the file systems whose space is this machine's to run out of.
 *
 * Those are the ones on a block device, which the kernel knows by type: `nodev` in `/proc/filesystems` marks pseudo, memory,
 * network and stacked ones (Metricbeat's default too). The root counts whatever it lies on: in a container, an overlay
 * whose numbers are those of the disk below. A file system that is mounted several times counts once, at its shortest
 * mount point. They are sorted, the root first.
 * @param mountinfo text of `/proc/<pid>/mountinfo`
 * @param types text of `/proc/filesystems`
 * @param root where the watched machine's `/` is mounted, `/` if it is our own
 */
export function chooseFileSystems(
	mountinfo: string,
	types: string,
	root: string,
): FileSystem[] {
	const nodev = new Set(
		[...types.matchAll(/^nodev\t(.+)$/gm)].map(([, type = ""]) => type),
	);
	const visible = new Map<string, FileSystem>();
	for (const fileSystem of underRoot(fileSystemsIn(mountinfo), root)) {
		visible.set(fileSystem.mountPoint, fileSystem); // The last one covers those before.
	}
	const byDevice = new Map<string, FileSystem>();
	for (const fileSystem of visible.values()) {
		if (!isCounted(fileSystem, nodev)) continue;
		const known = byDevice.get(fileSystem.device);
		if (known && isNoLonger(known.mountPoint, fileSystem.mountPoint)) continue;
		byDevice.set(fileSystem.device, fileSystem);
	}
	return [...byDevice.values()].sort((a, b) =>
		a.mountPoint < b.mountPoint ? -1 : 1,
	);
}

/** On disk, though the kernel asks for no single block device to mount them. */
const severalDevices = new Set(["zfs", "ubifs", "jffs2"]);

const inMemory = new Set(["tmpfs", "ramfs", "rootfs", "devtmpfs"]);

/** Images are full from the start and never get fuller. */
const images = new Set(["squashfs", "iso9660", "erofs", "cramfs", "romfs"]);

/** Files that container engines mount one by one from the host's disk. */
const engineFiles = new Set([
	"/etc/hostname",
	"/etc/hosts",
	"/etc/resolv.conf",
	"/dev/termination-log",
]);

function isCounted(
	{ type, mountPoint }: FileSystem,
	nodev: ReadonlySet<string>,
): boolean {
	if (images.has(type) || engineFiles.has(mountPoint)) return false;
	if (mountPoint === "/") return !inMemory.has(type);
	return !nodev.has(type) || severalDevices.has(type);
}

function isNoLonger(a: string, b: string): boolean {
	return a.length <= b.length;
}

function fileSystemsIn(mountinfo: string): FileSystem[] {
	return parseMountinfo(mountinfo).map((mount) => ({
		mountPoint: mount.mountPoint,
		device: mount.device,
		source: mount.source,
		type: mount.type,
		readOnly: mount.superOptions.includes("ro"),
	}));
}

/** Where the list is our own and holds the watched root, only what is below it belongs to the watched machine. */
function underRoot(fileSystems: FileSystem[], root: string): FileSystem[] {
	const isOurOwnList =
		root !== "/" && fileSystems.some(({ mountPoint }) => mountPoint === root);
	if (!isOurOwnList) return fileSystems;
	return fileSystems
		.filter(({ mountPoint }) => `${mountPoint}/`.startsWith(`${root}/`))
		.map((fileSystem) => ({
			...fileSystem,
			mountPoint: fileSystem.mountPoint.slice(root.length) || "/",
		}));
}
