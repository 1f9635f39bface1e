import { existsSync, readFileSync } from "node:fs";
import {
	isMap,
	isNode,
	isPair,
	isScalar,
	isSeq,
	LineCounter,
	parseDocument,
} from "yaml";
import { reason } from "./environment.ts";

/** A configuration file as it was read: its data, and where each of its keys stands. */
export interface ConfigFile {
	readonly path: string;
	readonly data: unknown;
	/** `monitoring.yaml:3:5` of the deepest part of the path that is in the file. */
	readonly place: (path: readonly PropertyKey[]) => string;
}

const usualNames = ["monitoring.yaml", "monitoring.yml", "monitoring.json"];

/** The file that was named, or the one of the usual names that is there; `undefined` for none. */
export function configPath(named: string | undefined): string | undefined {
	return named || usualNames.find((name) => existsSync(name));
}

/** Reads YAML, of which JSON is a part. Mistakes of form come back as lines instead. */
export function readConfigFile(path: string): ConfigFile | string[] {
	let content: string;
	try {
		content = readFileSync(path, "utf8");
	} catch (error) {
		return [
			`${path}: cannot be read (${reason(error)}); name a file with --config or MONITORING_CONFIG`,
		];
	}
	return parseConfig(path, content);
}

export function parseConfig(
	path: string,
	content: string,
): ConfigFile | string[] {
	const lineCounter = new LineCounter();
	const document = parseDocument(content, { lineCounter, prettyErrors: false });
	const at = (offset: number) => {
		const { line, col } = lineCounter.linePos(offset);
		return `${path}:${line}:${col}`;
	};
	if (document.errors.length > 0) {
		return document.errors.map(
			(error) => `${at(error.pos[0])}: ${firstLine(error.message)}`,
		);
	}

	let data: unknown;
	try {
		data = document.toJS({ maxAliasCount: 100 }) ?? {};
		JSON.stringify(data); // Throws if an alias stands within its own anchor.
	} catch (error) {
		return [`${path}: ${firstLine(String(error))}`];
	}

	const place = (keys: readonly PropertyKey[]) => {
		let node: unknown = document.contents;
		let offset: number | undefined;
		for (const key of keys) {
			if (isSeq(node)) {
				node = node.items[Number(key)];
				if (isNode(node)) offset = node.range?.[0] ?? offset;
				continue;
			}
			if (!isMap(node)) break;
			const pair = node.items.find(
				(item) => isPair(item) && isScalar(item.key) && item.key.value === key,
			);
			if (!pair || !isScalar(pair.key)) break;
			offset = pair.key.range?.[0];
			node = pair.value;
		}
		return offset === undefined ? path : at(offset);
	};
	return { path, data, place };
}

function firstLine(message: string): string {
	return message.split("\n", 1)[0] ?? message;
}
