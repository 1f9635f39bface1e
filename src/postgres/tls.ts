import { readFile } from "node:fs/promises";
import type { ConnectionOptions } from "node:tls";
import { type Address, isSocket } from "../config/database-address.ts";
import { ExplainedError } from "./failure.ts";

/** Whether to encrypt, and how: what pg takes as `ssl`. */
export type Encryption = false | ConnectionOptions;

/**
 * The ways to connect that the address allows, the preferred one first.
 * @throws ExplainedError if a certificate's file can't be read, or if `verify-ca` has no root certificate
 */
export async function encryptions(address: Address): Promise<Encryption[]> {
	// As in libpq, sslmode says nothing about a socket of this machine.
	if (isSocket(address.host)) return [false];
	switch (address.sslMode) {
		case "disable":
			return [false];
		case "allow":
			return [false, await unverified(address)];
		case "prefer":
			return [await unverified(address), false];
		case "require":
			// libpq: with a root certificate, `require` is `verify-ca`, for old applications' sake.
			return [
				await (address.sslRootCert ? sameAuthority : unverified)(address),
			];
		case "verify-ca":
			return [await sameAuthority(address)];
		case "verify-full":
			return [{ ...(await files(address)), rejectUnauthorized: true }];
	}
}

async function unverified(address: Address): Promise<ConnectionOptions> {
	return { ...(await files(address)), rejectUnauthorized: false };
}

async function sameAuthority(address: Address): Promise<ConnectionOptions> {
	const read = await files(address);
	if (read.ca === undefined) {
		throw new ExplainedError(
			`sslmode=${address.sslMode} needs the file of the server's certificate authority as sslrootcert; with the public ones only sslmode=verify-full is safe`,
		);
	}
	return {
		...read,
		rejectUnauthorized: true,
		checkServerIdentity: () => undefined,
	};
}

async function files(address: Address): Promise<ConnectionOptions> {
	const { sslRootCert, sslCert, sslKey } = address;
	const [ca, cert, key] = await Promise.all([
		sslRootCert === "system" ? undefined : read("sslrootcert", sslRootCert),
		read("sslcert", sslCert),
		read("sslkey", sslKey),
	]);
	return { ca, cert, key };
}

async function read(
	parameter: string,
	path: string | undefined,
): Promise<string | undefined> {
	if (path === undefined) return undefined;
	try {
		return await readFile(path, "utf8");
	} catch {
		throw new ExplainedError(
			`the file that ${parameter} names in the database URL, ${path}, cannot be read`,
		);
	}
}
