/** The way of one request through nested routers, in templates: `/users/:id`, never `/users/7`. */
export class RouteTrail {
	readonly #bases = new Map<object, string>();
	#entered = "";

	/**
	 * What a router has under a path is entered.
	 * @param inner the router, app or middleware that stands there
	 */
	enter(router: object, path: string, inner: object): void {
		this.#entered = joined(this.#baseOf(router), path);
		this.#bases.set(inner, this.#entered);
	}

	/** The template of a router's route, from the root. */
	route(router: object, path: string): string {
		return joined(this.#baseOf(router), path) || "/";
	}

	/** A router that is new is what was entered last, or the root. */
	#baseOf(router: object): string {
		const base = this.#bases.get(router) ?? this.#entered;
		this.#bases.set(router, base);
		return base;
	}
}

function joined(base: string, path: string): string {
	const inner = path.replace(/^\/+|\/+$/g, "");
	return inner === "" ? base : `${base}/${inner}`;
}
