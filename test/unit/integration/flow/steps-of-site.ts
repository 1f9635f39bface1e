import { afterEach, beforeEach, expect } from "vitest";
import { runOnce } from "./make-flow.ts";
import { Site } from "./site.ts";

/** Registers a site that is new for each test, and makes steps that ask it. */
export function stepsOfSite() {
	let site: Site;
	beforeEach(async () => {
		site = new Site();
		await site.start();
	});
	afterEach(() => site.stop());

	const get = (path: string, more = {}) => ({ url: site.url(path), ...more });
	const step = (name: string, more = {}) => ({
		name,
		request: get(`/${name}`),
		...more,
	});
	return {
		site: () => site,
		get,
		step,
		/** Why a flow of this one step is unhealthy. */
		async reasonOf(one: object): Promise<string> {
			const { verdict } = await runOnce({
				steps: [{ name: "create", ...one }],
			});
			expect(verdict.state).toBe("unhealthy");
			return verdict.reason;
		},
	};
}
