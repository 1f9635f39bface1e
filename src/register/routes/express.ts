import { IncomingMessage } from "node:http";
import type { Guard } from "../guard.ts";
import type { PackageHook } from "../package-hook.ts";
import { nameRoute } from "./route.ts";
import { RouteTrail } from "./trail.ts";

interface Layer {
	handle: Handle;
}

type Handle = (...args: unknown[]) => unknown;

interface Router {
	readonly stack: Layer[];
}

interface RouterMethods {
	use(this: Router, ...args: unknown[]): unknown;
	route(this: Router, ...args: unknown[]): unknown;
}

const subject = "routes of express";

/**
 * Names routes of Express 4 and 5.
 *
 * `req.baseUrl` has the path as it came, with its ids; so the templates of mounted routers are noted on the way in.
 * Not by instrumentation-express (0.72): without its spans it loses the paths of mounted apps, and keeps those of routers
 * that the request has left.
 */
export const express: PackageHook = {
	name: "express",
	versions: [">=4 <6"],
	patch(exports, guard) {
		const methods = routerMethods(exports);
		if (methods === undefined) return exports;
		const trails = new WeakMap<object, RouteTrail>();
		const trailOf = (request: object) => {
			const trail = trails.get(request) ?? new RouteTrail();
			trails.set(request, trail);
			return trail;
		};
		watchLayers(methods, "use", guard, (request, router, path, handle) =>
			trailOf(request).enter(router, path, handle),
		);
		watchLayers(methods, "route", guard, (request, router, path) =>
			nameRoute(trailOf(request).route(router, path)),
		);
		return exports;
	},
};

/** Express 5 has a class of routers, Express 4 an object that they inherit from. */
function routerMethods(exports: object): RouterMethods | undefined {
	const Router: unknown = Reflect.get(exports, "Router");
	if (typeof Router !== "function") return undefined;
	return [Router.prototype, Router].find(hasMethods);
}

function hasMethods(value: unknown): value is RouterMethods {
	return (
		(typeof value === "object" || typeof value === "function") &&
		value !== null &&
		typeof Reflect.get(value, "use") === "function" &&
		typeof Reflect.get(value, "route") === "function"
	);
}

/** Sees each request that comes to what a router's method adds. */
function watchLayers(
	methods: RouterMethods,
	name: keyof RouterMethods,
	guard: Guard,
	see: (request: object, router: Router, path: string, handle: Handle) => void,
): void {
	const add = methods[name];
	methods[name] = function (this: Router, ...args) {
		const before = this.stack.length;
		const result = Reflect.apply(add, this, args);
		guard.run(subject, () => {
			const path = pathOf(args[0]);
			for (const layer of this.stack.slice(before)) {
				const { handle } = layer;
				layer.handle = new Proxy(handle, {
					apply: (target, self, given) => {
						const [request] = given;
						if (request instanceof IncomingMessage) {
							guard.run(subject, () => see(request, this, path, handle));
						}
						return Reflect.apply(target, self, given);
					},
				});
			}
		});
		return result;
	};
}

/** The template of a string, a regular expression or several; the root for middleware without a path. */
function pathOf(path: unknown): string {
	if (typeof path === "string") return path;
	if (path instanceof RegExp) return path.source;
	if (!Array.isArray(path)) return "";
	return path.map(pathOf).join(",");
}
