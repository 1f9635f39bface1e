import { expect, test } from "vitest";
import { RouteTrail } from "../../../src/register/routes/trail.ts";

const app = {};
const users = {};
const orders = {};

test("a route of the app is its own template", () => {
	const trail = new RouteTrail();
	expect(trail.route(app, "/users/:id")).toBe("/users/:id");
	expect(trail.route(app, "/")).toBe("/");
	expect(trail.route(app, "")).toBe("/");
});

test("a route of a nested router begins with the paths that lead to it", () => {
	const trail = new RouteTrail();
	trail.enter(app, "/users/:user", users);
	trail.enter(users, "/orders/", orders);
	expect(trail.route(orders, "/:order")).toBe("/users/:user/orders/:order");
	expect(trail.route(orders, "/")).toBe("/users/:user/orders");
});

test("middleware and routers that were left add nothing", () => {
	const trail = new RouteTrail();
	trail.enter(app, "/api", () => {});
	trail.enter(app, "/api", users);
	trail.enter(users, "", () => {});
	trail.enter(app, "/api", orders);
	expect(trail.route(orders, "/x")).toBe("/api/x");
	expect(trail.route(app, "/y")).toBe("/y");
});

test("a router that is not known is the one behind what was entered last", () => {
	const trail = new RouteTrail();
	trail.enter(app, "/mounted", () => {});
	const inner = {};
	expect(trail.route(inner, "/x")).toBe("/mounted/x");
	trail.enter(app, "/other", () => {});
	expect(trail.route(inner, "/y")).toBe("/mounted/y");
});

test("a router that stands in two places is where it was entered last", () => {
	const trail = new RouteTrail();
	trail.enter(app, "/v1", users);
	trail.route(users, "/x");
	trail.enter(app, "/v2", users);
	expect(trail.route(users, "/x")).toBe("/v2/x");
});
