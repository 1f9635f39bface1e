import type { Reading } from "../../metrics/metric.ts";
import { ExplainedError, reasonOf } from "../../postgres/failure.ts";
import type { Session } from "../../postgres/session.ts";
import { type Answer, begin, finish } from "../../postgres/transaction.ts";
import { activity } from "./activity.ts";
import { checkpoints } from "./checkpoints.ts";
import { databases } from "./databases.ts";
import { locks } from "./locks.ts";
import { replicas } from "./replicas.ts";
import {
	type Server,
	serverFrom,
	serverQuery,
	serverReadings,
} from "./server.ts";
import { sizes } from "./sizes.ts";
import { slots } from "./slots.ts";
import { createStandby } from "./standby.ts";
import { statements } from "./statements.ts";
import type { Found, Subject } from "./subject.ts";

/** What is read of one server, round after round. */
export function createSubjects(): readonly Subject[] {
	return [
		activity,
		locks,
		databases,
		sizes,
		checkpoints,
		replicas,
		slots,
		createStandby(),
		statements,
	];
}

export interface ServerRead {
	readonly readings: readonly Reading[];
	readonly problems: readonly string[];
	readonly absent: readonly string[];
}

/**
 * Reads everything of a server in one short transaction of three round trips.
 * @param answerLimit seconds in which all of it has to be answered
 * @throws what went wrong with the connection; of a single query that fails, `problems` tells
 */
export async function readServer(
	session: Session,
	subjects: readonly Subject[],
	answerLimit: number,
): Promise<ServerRead> {
	const limits = {
		// One slow query is cancelled while there is time left for the others.
		statement: Math.ceil(answerLimit * 500),
		lock: Math.ceil(answerLimit * 250),
		idle: Math.ceil(answerLimit * 2000),
	};
	const [facts] = await begin(session, limits, serverQuery);
	if (facts === undefined) throw new ExplainedError("the server says nothing");
	const server = serverFrom(facts);

	const plans = subjects.map((subject) => ({
		subject,
		plan: subject.plan(server),
	}));
	const asked = plans.flatMap(({ subject, plan }) =>
		"sql" in plan ? [{ subject, sql: plan.sql }] : [],
	);
	const answers = await finish(
		session,
		asked.map(({ sql }) => sql),
	);
	const outcomes = asked.map(({ subject }, index) =>
		outcomeOf(subject, answers[index], server),
	);
	return {
		readings: [
			...serverReadings(server),
			...outcomes.flatMap(({ readings }) => readings),
		],
		problems: outcomes.flatMap(({ problem }) => problem ?? []),
		absent: [
			...plans.flatMap(({ plan }) => ("absent" in plan && plan.absent) || []),
			...outcomes.flatMap(({ absent = [] }) => absent),
		],
	};
}

interface Outcome extends Found {
	readonly problem?: string;
}

function outcomeOf(
	subject: Subject,
	answer: Answer | undefined,
	server: Server,
): Outcome {
	try {
		if (answer?.status !== "fulfilled") throw answer?.reason;
		return subject.read(answer.value, server);
	} catch (error) {
		return {
			readings: [],
			problem: `${subject.name} could not be read: ${reasonOf(error)}`,
		};
	}
}
