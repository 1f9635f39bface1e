import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A certificate, with those that lead to its authority, and its key: both PEM. */
export interface Certificate {
	readonly cert: string;
	readonly key: string;
	/** Unix seconds. */
	readonly notAfter: number;
}

export interface Certificates {
	/** Of the authority that issued all but the self-signed one. */
	readonly authority: string;
	/** For localhost and 127.0.0.1, as it should be. */
	readonly right: Certificate;
	readonly expired: Certificate;
	/** Ends in two days. */
	readonly soonEnding: Certificate;
	/** For another host. */
	readonly wrongName: Certificate;
	readonly selfSigned: Certificate;
	/** Right, but by way of an authority whose own certificate ends before it. */
	readonly soonEndingChain: Certificate;
}

const localhost = "subjectAltName=DNS:localhost,IP:127.0.0.1";

/** Makes certificates with the openssl program. */
export async function makeCertificates(): Promise<Certificates> {
	const folder = await mkdtemp(join(tmpdir(), "certificates-"));
	try {
		const make = new Maker(folder);
		await make.root("authority", "keyUsage=keyCertSign", 30);
		await make.root("alone", localhost, 30);
		await make.issued("between", "basicConstraints=CA:TRUE", "authority", 5);
		await make.issued("right", localhost, "authority", 20);
		await make.issued("expired", localhost, "authority", -1);
		await make.issued("soon-ending", localhost, "authority", 2);
		await make.issued(
			"wrong-name",
			"subjectAltName=DNS:else.test",
			"authority",
			20,
		);
		await make.issued("by-between", localhost, "between", 20);
		const between = await make.read("between");
		const byBetween = await make.read("by-between");
		return {
			authority: (await make.read("authority")).cert,
			right: await make.read("right"),
			expired: await make.read("expired"),
			soonEnding: await make.read("soon-ending"),
			wrongName: await make.read("wrong-name"),
			selfSigned: await make.read("alone"),
			soonEndingChain: {
				cert: `${byBetween.cert}${between.cert}`,
				key: byBetween.key,
				notAfter: between.notAfter,
			},
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const newKey = [
	"-newkey",
	"ec",
	"-pkeyopt",
	"ec_paramgen_curve:prime256v1",
	"-nodes",
];

class Maker {
	readonly #folder: string;

	constructor(folder: string) {
		this.#folder = folder;
	}

	async root(name: string, extension: string, days: number): Promise<void> {
		await this.#openssl(
			["req", "-x509", ...newKey, "-days", String(days)],
			["-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.crt`],
			["-addext", extension],
		);
	}

	async issued(
		name: string,
		extension: string,
		issuer: string,
		days: number,
	): Promise<void> {
		await writeFile(join(this.#folder, `${name}.ext`), extension);
		await this.#openssl(
			["req", ...newKey, "-subj", `/CN=${name}`],
			["-keyout", `${name}.key`, "-out", `${name}.csr`],
		);
		await this.#openssl(
			["x509", "-req", "-in", `${name}.csr`, "-days", String(days)],
			["-CA", `${issuer}.crt`, "-CAkey", `${issuer}.key`, "-CAcreateserial"],
			["-extfile", `${name}.ext`, "-out", `${name}.crt`],
		);
	}

	async read(name: string): Promise<Certificate> {
		const [cert, key] = await Promise.all(
			["crt", "key"].map((kind) =>
				readFile(join(this.#folder, `${name}.${kind}`), "utf8"),
			),
		);
		if (cert === undefined || key === undefined) throw new Error(name);
		const { validToDate } = new X509Certificate(cert);
		return { cert, key, notAfter: validToDate.getTime() / 1000 };
	}

	async #openssl(...args: readonly (readonly string[])[]): Promise<void> {
		await run("openssl", args.flat(), { cwd: this.#folder });
	}
}
