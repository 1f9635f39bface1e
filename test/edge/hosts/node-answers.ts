// Serves the answers with Hono's server for Node, bare or monitored, and prints the port.
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { withMonitoring } from "../../../supabase/functions/_shared/monitoring/logger.ts";
import { answersWith } from "./answers.ts";

const hostname = "127.0.0.1";
/** Hono would put a Response of its own in the place of Node's, which is sent a little differently once it was looked at. */
const overrideGlobalObjects = false;
const upstream = serve(
	{ fetch: answersWith(""), port: 0, hostname, overrideGlobalObjects },
	({ port }: AddressInfo) => {
		const handler = answersWith(`http://${hostname}:${port}`);
		const fetch = process.env.BARE
			? handler
			: withMonitoring("answers")(handler);
		serve(
			{ fetch, port: 0, hostname, overrideGlobalObjects },
			(address: AddressInfo) => {
				console.log(JSON.stringify({ port: address.port }));
			},
		);
	},
);
upstream.unref();
