import type { Result, Router } from "hono/router";
import type { RouterRoute } from "hono/types";
import type { Guard } from "../guard.ts";
import { type PackageHook, withExport } from "../package-hook.ts";
import { nameRoute } from "./route.ts";

type Handler = [(...args: never) => unknown, RouterRoute];

/** Names routes of Hono: its apps get a router that tells what it matched. */
export const hono: PackageHook = {
	name: "hono",
	versions: [">=4 <5"],
	files: [
		"hono/dist/preset/tiny.js",
		"hono/dist/preset/quick.js",
		"hono/dist/cjs/preset/tiny.js",
		"hono/dist/cjs/preset/quick.js",
	],
	patch(exports, guard) {
		const Hono: unknown = Reflect.get(exports, "Hono");
		if (typeof Hono !== "function") return exports;
		const watched = new Proxy(Hono, {
			construct(target, args, newTarget) {
				const app: object = Reflect.construct(target, args, newTarget);
				guard.run("routes of hono", () => watchRouter(app, guard));
				return app;
			},
		});
		return withExport(exports, "Hono", watched);
	},
};

function watchRouter(app: object, guard: Guard): void {
	const router: unknown = Reflect.get(app, "router");
	if (!isRouter(router)) return;
	const watched = new Proxy(router, {
		get(target, key) {
			if (key === "match") {
				return (method: string, path: string) => {
					const matched = target.match(method, path);
					guard.run("routes of hono", () => nameMatch(matched));
					return matched;
				};
			}
			const value: unknown = Reflect.get(target, key);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
	Reflect.set(app, "router", watched);
}

function isRouter(value: unknown): value is Router<Handler> {
	return typeof value === "object" && value !== null && "match" in value;
}

/** The handlers that answer are the last ones; before them, and after where none answers, stands middleware. */
function nameMatch([handlers]: Result<Handler>): void {
	const template = handlers
		.map(([[handler, route]]) => ({ handler, route }))
		.findLast((match) => !isMiddleware(match))?.route.path;
	if (template !== undefined) nameRoute(template);
}

/** By Hono's own convention (`hono/dev`): added for all methods, and it asks for `next`. */
function isMiddleware(match: {
	readonly handler: Handler[0];
	readonly route: RouterRoute;
}): boolean {
	return match.route.method === "ALL" && match.handler.length > 1;
}
