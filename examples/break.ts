// Breaks the running demo on purpose, and mends it: npm run demo:break -- <fault>, npm run demo:break -- --repair
import { Argument, Command } from "commander";

const { DEMO_TRAINING_PORT, DEMO_SYNC_PORT, DEMO_INFERENCE_PORT } = process.env;
const services = {
	ml_training: `http://127.0.0.1:${DEMO_TRAINING_PORT || 8001}`,
	data_sync: `http://127.0.0.1:${DEMO_SYNC_PORT || 8002}`,
	inference: `http://127.0.0.1:${DEMO_INFERENCE_PORT || 8003}`,
};

interface Order {
	readonly service: keyof typeof services;
	readonly method: string;
	readonly path: string;
	readonly body?: object;
}

interface Fault {
	/** What is broken, and the alert that comes of it. */
	readonly told: string;
	readonly break: Order;
	readonly repair: Order;
}

const faults = new Map<string, Fault>([
	[
		"backend-error",
		{
			told: "data_sync answers 500 to all: BackendDown after a minute or two",
			...turn("data_sync", "error"),
		},
	],
	[
		"backend-hangs",
		{
			told: "ml_training accepts requests and never answers: BackendDown after a minute or two",
			...turn("ml_training", "hang"),
		},
	],
	[
		"model-lies",
		{
			told: "inference answers 200 with {} to all: MlModelUnavailable after a minute or two",
			...turn("inference", "answer_empty"),
		},
	],
	[
		"model-unloaded",
		{
			told: "the model is not in memory: MlModelUnavailable after a minute or two, and recommendations answer 503",
			break: { service: "inference", method: "DELETE", path: "/model" },
			repair: { service: "inference", method: "PUT", path: "/model" },
		},
	],
	[
		"sync-paused",
		{
			told: "no syncs any more: FlowFailing once the next run of data_sync_flow fails, HeartbeatOverdue after twice the job's interval",
			break: { service: "data_sync", method: "POST", path: "/sync/pause" },
			repair: { service: "data_sync", method: "POST", path: "/sync/resume" },
		},
	],
]);

function turn(service: Order["service"], fault: string) {
	const order = { service, method: "POST", path: "/faults" };
	return {
		break: { ...order, body: { fault } },
		repair: { ...order, body: { fault: "none" } },
	};
}

const list = [...faults].map(([name, { told }]) => `  ${name}: ${told}`);
const program = new Command("demo:break")
	.description("Breaks the running demo on purpose.")
	.addArgument(new Argument("[fault]").choices([...faults.keys()]))
	.option("--repair", "mends the fault, or all of them")
	.addHelpText("after", `\nFaults:\n${list.join("\n")}`)
	.parse();
const [name] = program.args;
const { repair } = program.opts<{ repair?: true }>();
if (name === undefined && !repair) program.error(program.helpInformation());

const chosen = [...faults].filter(
	([each]) => name === undefined || each === name,
);
for (const [each, fault] of chosen) {
	await send(repair ? fault.repair : fault.break);
	console.log(repair ? `${each} is mended` : fault.told);
}
if (!repair) console.log(`To mend it: npm run demo:break -- --repair ${name}`);

async function send({ service, method, path, body }: Order): Promise<void> {
	const url = services[service] + path;
	try {
		const response = await fetch(url, { method, body: JSON.stringify(body) });
		await response.body?.cancel();
		if (!response.ok) throw new Error(`it answers ${response.status}`);
	} catch (error) {
		const { cause, message } = error instanceof Error ? error : new Error("?");
		const reason = cause instanceof Error ? cause.message : message;
		program.error(
			`${url} can't be told (${reason}): is the demo running? npm start or docker compose up starts it`,
		);
	}
}
