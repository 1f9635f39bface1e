import { randomInt, randomUUID } from "node:crypto";
import { userCount, userId } from "../source/users.ts";
import { genres, regions, tags } from "../source/words.ts";

/** What a visitor does. */
export interface Visit {
	readonly name: string;
	/** How often it is done: in so many of a hundred visits. */
	readonly percent: number;
	/** @param functions URL that the functions' names follow */
	send(functions: string, members: Members): Promise<Response>;
}

/** The ids of those who have signed up in this run. */
export type Members = Set<string>;

/** Most look around, few sign up, and some ask what can't be answered. */
const visits: readonly Visit[] = [
	{
		name: "recommendations",
		percent: 60,
		send: (functions, members) => recommend(functions, someone(members)),
	},
	{
		name: "feed",
		percent: 20,
		send: (functions) =>
			fetch(`${functions}/content_feed?genre=${anyOf(genres)}&limit=10`),
	},
	{ name: "sign-up", percent: 6, send: signUp },
	{
		name: "profile",
		percent: 5,
		send: (functions, members) =>
			fetch(`${functions}/user_management/${someone(members)}`),
	},
	{ name: "deletion", percent: 4, send: deleteMember },
	{
		name: "unknown user",
		percent: 3,
		send: (functions) => recommend(functions, randomUUID()),
	},
	{
		name: "wrong question",
		percent: 2,
		send: (functions) => recommend(functions, "somebody"),
	},
];

export function nextVisit(): Visit {
	let left = randomInt(100);
	const found = visits.find(({ percent }) => {
		left -= percent;
		return left < 0;
	});
	return found ?? anyOf(visits);
}

function recommend(functions: string, user: string): Promise<Response> {
	const name = "enhanced_two_tower_recommendations";
	return fetch(`${functions}/${name}?user_id=${user}&limit=10`);
}

async function signUp(functions: string, members: Members): Promise<Response> {
	const response = await fetch(`${functions}/user_management`, {
		method: "POST",
		body: JSON.stringify({
			name: "A visitor",
			email: `${randomUUID()}@example.com`,
			interests: [anyOf(tags), anyOf(tags)],
			region: anyOf(regions),
		}),
	});
	if (response.ok) {
		const { data } = JSON.parse(await response.clone().text());
		members.add(data.id);
	}
	return response;
}

/** Nobody but who has signed up here is deleted; before anybody has, it is tried in vain. */
function deleteMember(functions: string, members: Members): Promise<Response> {
	const [member = randomUUID()] = members;
	members.delete(member);
	return fetch(`${functions}/user_management/${member}`, { method: "DELETE" });
}

/** A member, or one of those who are there from the start. */
function someone(members: Members): string {
	const number = randomInt(userCount);
	return [...members][number] ?? userId(number);
}

function anyOf<Item>(items: readonly Item[]): Item {
	const item = items[randomInt(items.length)];
	if (item === undefined) throw new RangeError("there is nothing to choose");
	return item;
}
