import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Distribution } from "./statistics.ts";

/** A distribution with where it comes from. */
export interface Baseline extends Distribution {
	/** ISO 8601 */
	readonly createdAt: string;
	/** How many scores it was made of. */
	readonly size: number;
	/** SHA-256 of the query that the scores come from: those of another one can't be compared. */
	readonly query: string;
}

const file = z
	.object({
		version: z.literal(1),
		createdAt: z.iso.datetime(),
		size: z.int().min(1),
		query: z.string(),
		edges: z.array(z.number()).min(1),
		shares: z.array(z.number().min(0).max(1)),
	})
	.refine(({ edges, shares }) => shares.length === edges.length + 1)
	.refine(({ edges }) => isRising(edges))
	.refine(({ shares }) => Math.abs(sum(shares) - 1) < 1e-6);

/** What the file holds is no baseline. */
export class DamagedBaseline extends Error {}

/**
 * Reads the stored baseline, if there is one.
 * @throws DamagedBaseline, or an error of the file system
 */
export async function loadBaseline(
	path: string,
): Promise<Baseline | undefined> {
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		if (codeOf(error) === "ENOENT") return undefined;
		throw error;
	}
	const parsed = file.safeParse(jsonIn(text));
	if (!parsed.success) throw new DamagedBaseline("it holds no baseline");
	return parsed.data;
}

/** Stores a baseline whole or not at all: a process that is killed leaves the one before. */
export async function saveBaseline(
	path: string,
	baseline: Baseline,
): Promise<void> {
	const next = `${path}.next`;
	const text = `${JSON.stringify({ version: 1, ...baseline }, undefined, "\t")}\n`;
	await mkdir(dirname(path), { recursive: true });
	await writeFile(next, text, { flush: true });
	await rename(next, path);
}

/** Moves a damaged file out of the way, and gives its new path. */
export async function setAside(path: string, at: Date): Promise<string> {
	const aside = `${path}.damaged-${at.toISOString().replaceAll(":", "-")}`;
	await rename(path, aside);
	return aside;
}

/** What is in the way, in words. */
export function obstacleIn(error: unknown): string {
	return codeOf(error) ?? (error instanceof Error ? error.message : "unknown");
}

function codeOf(error: unknown): string | undefined {
	return error instanceof Error && "code" in error
		? String(error.code)
		: undefined;
}

function jsonIn(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isRising(edges: readonly number[]): boolean {
	return edges.every(
		(edge, index) => index === 0 || edge > (edges[index - 1] ?? edge),
	);
}

function sum(shares: readonly number[]): number {
	return shares.reduce((total, share) => total + share, 0);
}
