import { describe, expect, it } from "vitest";
import { chooseFileSystems } from "../../../src/system/file-systems.ts";
import { parseMountinfo } from "../../../src/system/mountinfo.ts";
import { procText } from "../../fixtures/proc/machine.ts";

describe("a line of mountinfo", () => {
	it("has its blanks and backslashes unescaped", () => {
		const [mount] = parseMountinfo(
			"31 28 8:1 /a\\040b /mnt/tab\\011and\\134slash rw shared:31 master:1 - xfs /dev/my\\040disk rw,attr2\n",
		);
		expect(mount).toEqual({
			device: "8:1",
			root: "/a b",
			mountPoint: "/mnt/tab\tand\\slash",
			type: "xfs",
			source: "/dev/my disk",
			superOptions: ["rw", "attr2"],
		});
	});

	it("is read with no optional fields, and with an empty source", () => {
		const [mount] = parseMountinfo(
			"43 28 0:54 / /mnt rw - tmpfs  ro,size=4k\n",
		);
		expect(mount).toMatchObject({
			type: "tmpfs",
			source: "",
			superOptions: ["ro", "size=4k"],
		});
	});
});

describe("the file systems of a host", () => {
	const chosen = chooseFileSystems(
		procText("debian-host", "1/mountinfo"),
		procText("debian-host", "filesystems"),
		"/",
	);
	const at = (mountPoint: string) =>
		chosen.find((fileSystem) => fileSystem.mountPoint === mountPoint);

	it("are those on block devices: no pseudo, memory, network, stacked ones and no images", () => {
		expect(chosen.map(({ mountPoint }) => mountPoint).sort()).toEqual([
			"/",
			"/boot/efi",
			"/exports",
			"/home",
			"/mnt/broken",
			"/mnt/covered",
			"/mnt/ntfs",
			"/mnt/only-here-read-only",
			"/tank",
		]);
	});

	it("count once each, at the shortest of their mount points", () => {
		expect(at("/exports")?.source).toBe("/dev/sda1");
		expect(at("/home")?.type).toBe("btrfs");
	});

	it("are those that are seen where one covers another", () => {
		expect(at("/mnt/covered")?.source).toBe("/dev/sde1");
	});

	it("are read-only by the file system's own state, not by that of one mount", () => {
		expect(at("/mnt/broken")?.readOnly).toBe(true);
		expect(at("/mnt/only-here-read-only")?.readOnly).toBe(false);
	});
});

describe("the file systems of a container", () => {
	it("are its overlay and its volumes, not the files that the engine mounts into it", () => {
		const chosen = chooseFileSystems(
			procText("docker-cgroup-v2", "self/mountinfo"),
			procText("docker-cgroup-v2", "filesystems"),
			"/",
		);
		expect(chosen.map(({ mountPoint, type }) => [mountPoint, type])).toEqual([
			["/", "overlay"],
			["/var/lib/postgresql/data", "ext4"],
		]);
	});

	it("are none if all is in memory", () => {
		expect(
			chooseFileSystems("1 0 0:2 / / rw - rootfs rootfs rw\n", "", "/"),
		).toEqual([]);
	});

	it("are the host's below HOST_ROOT if the list is the container's", () => {
		const list = [
			"1 0 0:60 / / rw - overlay overlay rw",
			"2 1 8:1 / /host rw - ext4 /dev/sda1 rw",
			"3 2 8:2 / /host/srv rw - ext4 /dev/sda2 rw",
			"4 1 8:3 / /hosting rw - ext4 /dev/sda3 rw",
		].join("\n");
		const chosen = chooseFileSystems(list, "nodev\toverlay\n\text4\n", "/host");
		expect(
			chosen.map(({ mountPoint, source }) => [mountPoint, source]),
		).toEqual([
			["/", "/dev/sda1"],
			["/srv", "/dev/sda2"],
		]);
	});
});
