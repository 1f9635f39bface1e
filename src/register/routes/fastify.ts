import { subscribe } from "node:diagnostics_channel";
import type { Guard } from "../guard.ts";
import { nameRoute } from "./route.ts";

interface FastifyRequest {
	readonly routeOptions?: { readonly url?: string };
}

interface FastifyInstance {
	addHook(
		name: "onRequest",
		hook: (request: FastifyRequest, reply: unknown, done: () => void) => void,
	): unknown;
}

/**
 * Names routes of Fastify, 4.10 and later, by the channel that it has for this.
 * Source: https://fastify.dev/docs/latest/Reference/Hooks/#diagnostics-channel-hooks
 */
export function watchFastify(guard: Guard): void {
	subscribe("fastify.initialization", (message) => {
		guard.run("routes of fastify", () => {
			if (!isInitialization(message)) return;
			message.fastify.addHook("onRequest", ({ routeOptions }, _reply, done) => {
				guard.run("routes of fastify", () => {
					if (routeOptions?.url !== undefined) nameRoute(routeOptions.url);
				});
				done();
			});
		});
	});
}

function isInitialization(
	message: unknown,
): message is { fastify: FastifyInstance } {
	return (
		typeof message === "object" && message !== null && "fastify" in message
	);
}
