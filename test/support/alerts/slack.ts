import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";

const attachment = z.object({
	title: z.string(),
	title_link: z.string(),
	text: z.string(),
	fallback: z.string(),
	color: z.string(),
});
const message = z.object({ attachments: z.tuple([attachment]) });

export interface SlackMessage extends z.infer<typeof attachment> {
	/** When it came, in milliseconds since 1970. */
	readonly at: number;
	/** All that was sent. */
	readonly body: string;
}

/** An alert, as messages tell of it. */
export interface Told {
	/** How the titles begin that may tell of it. */
	readonly titles: readonly string[];
	/** What names it among the alerts of one message, in its sentence or in the title. */
	readonly names: readonly string[];
	/** Whether it is over. */
	readonly isOver: boolean;
}

/** A real HTTP server in Slack's place. */
export class Slack {
	readonly messages: SlackMessage[] = [];
	/** What it answers; another status than 200 refuses messages. */
	status = 200;
	readonly #server: Server;

	private constructor() {
		this.#server = createServer(async (request, response) => {
			const body = await text(request);
			response.statusCode = this.status;
			if (this.status === 200) {
				const [told] = message.parse(JSON.parse(body)).attachments;
				this.messages.push({ ...told, at: Date.now(), body });
			}
			response.end("ok");
		}).listen(0, "127.0.0.1");
	}

	static async start(): Promise<Slack> {
		const slack = new Slack();
		await once(slack.#server, "listening");
		return slack;
	}

	get url(): string {
		const address = this.#server.address();
		const port = typeof address === "object" ? address?.port : 0;
		return `http://127.0.0.1:${port}/services/T/B/secret`;
	}

	/** The first message that came at a time or later and tells of an alert, and its sentence there. */
	find(
		{ titles, names, isOver }: Told,
		since: number,
	): (SlackMessage & { readonly sentence: string }) | undefined {
		for (const message of this.messages) {
			const { title, text, at } = message;
			if (at < since || !titles.some((each) => begins(title, each))) continue;
			const found = sentencesIn(text).find(
				(each) =>
					each.isOver === isOver &&
					names.every((name) => `${title}\n${each.sentence}`.includes(name)),
			);
			if (found) return { ...message, sentence: found.sentence };
		}
		return undefined;
	}

	close(): void {
		this.#server.closeAllConnections();
		this.#server.close();
	}
}

/** Whether a title begins with these whole words. */
function begins(title: string, words: string): boolean {
	return new RegExp(`^${words}\\b`).test(title);
}

/** What a message says of each of its alerts: in full, or in a line where there are many. */
function sentencesIn(text: string): { sentence: string; isOver: boolean }[] {
	const each = /^(?:\*(.*)\*\n|• (.*) \()(:white_check_mark: )?.*<!date/gm;
	return [...text.matchAll(each)].map(([, full, line, over]) => ({
		sentence: full ?? line ?? "",
		isOver: over !== undefined,
	}));
}
