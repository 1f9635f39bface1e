import { expect, test } from "vitest";
import { componentStates } from "../../../src/dashboards/states.ts";
import { recordingRules } from "../alerts/alert-files.ts";

test("the rules number the states of a component as the dashboards read them", () => {
	const record = "group_component:adult_matching_component_state:worst1m";
	const { expr = "" } =
		recordingRules.find((rule) => rule.record === record) ?? {};
	const numbered = [...expr.matchAll(/(\d) \* \w+\(\w+\{state="(\w+)"\}/g)];
	expect(numbered.map(([, number, state]) => [number, state])).toEqual(
		componentStates.map((state, index) => [`${index}`, state]),
	);
});
