import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { type Certificates, makeCertificates } from "../certificates.ts";
import { answering } from "../integration.ts";

const knownAuthorities = getCACertificates("default");

/** A server whose certificate a test changes. While it runs, this process trusts the authority that issued them. */
export class CertifiedServer {
	readonly #certificates: Certificates;
	readonly #server: Server;

	private constructor(certificates: Certificates, server: Server) {
		this.#certificates = certificates;
		this.#server = server;
	}

	static async start(): Promise<CertifiedServer> {
		const certificates = await makeCertificates();
		setDefaultCACertificates([...knownAuthorities, certificates.authority]);
		const server = createServer(certificates.right, answering(200));
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		return new CertifiedServer(certificates, server);
	}

	get url(): string {
		const address = this.#server.address();
		return `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
	}

	/** The next probe makes a connection of its own, and sees it. */
	show(certificate: "right" | "soonEnding" | "soonEndingChain"): void {
		this.#server.setSecureContext(this.#certificates[certificate]);
		this.#server.closeAllConnections();
	}

	end(): void {
		this.#server.closeAllConnections();
		this.#server.close();
		setDefaultCACertificates(knownAuthorities);
	}
}
