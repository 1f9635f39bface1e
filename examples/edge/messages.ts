/** What the host tells an isolate: which module to serve, and later to end, and why. */
export type ToIsolate = { readonly serve: string } | { readonly end: string };

/** What an isolate tells the host: where it listens, and at last that it has ended. */
export type FromIsolate = { readonly port: number } | { readonly ended: true };
