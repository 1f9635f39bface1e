import type { HttpRequestConfig } from "../../config/schema/request.ts";
import type { HttpRequest } from "./exchange.ts";

/** The request that the configuration describes. */
export function requestOptions(config: HttpRequestConfig): HttpRequest {
	const { url, method, timeout } = config;
	return {
		url,
		method,
		headers: headersOf(config),
		body: bodyOf(config),
		timeout,
		followRedirects: config.follow_redirects,
		verifyTls: config.verify_tls,
		ipVersion: config.ip_version,
		allowLinkLocal: config.allow_link_local,
	};
}

function bodyOf({ body }: HttpRequestConfig): string | undefined {
	return body === undefined || typeof body === "string"
		? body
		: JSON.stringify(body);
}

/** JSON is sent as such, unless told otherwise. */
function headersOf({
	headers,
	body,
}: HttpRequestConfig): Record<string, string> {
	const names = Object.keys(headers).map((name) => name.toLowerCase());
	const isJson = body !== undefined && typeof body !== "string";
	return isJson && !names.includes("content-type")
		? { ...headers, "Content-Type": "application/json" }
		: headers;
}
