// A function with items from a backend: what is wrong with an item is wrong with its answer.
import {
	createLogger,
	withMonitoring,
} from "../../../supabase/functions/_shared/monitoring/logger.ts";
import { serve } from "./serve.ts";

interface Item {
	readonly price: number | null;
	readonly boxes: number;
}

const name = process.env.SHOP ?? "";
const backend = process.env.BACKEND ?? "";

const handler = withMonitoring(name)(async (request: Request) => {
	const id = new URL(request.url).pathname.split("/").at(-1);
	const logger = createLogger(name);
	const item: Item = await logger.monitorDatabaseOperation(
		"get_item",
		async () => {
			const answer = await fetch(`${backend}/${name}/${id}`);
			return JSON.parse(await answer.text());
		},
	);
	// Users are not told if nobody knows.
	const boxes = await logger
		.monitorMLOperation("foretell_boxes", async () => foretold(item), "boxes_1")
		.catch(() => undefined);
	if (item.price === null) throw new TypeError("an item has no price");
	return Response.json({ price: item.price, boxes });
});

function foretold({ boxes }: Item): number {
	if (boxes < 0) throw new RangeError("the model knows no such number");
	return boxes + 1;
}

await serve(handler);
