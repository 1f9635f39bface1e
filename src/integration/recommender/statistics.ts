/**
 * How unevenly things are spread over their holders: the Gini index, 0 where all have the same, (n − 1) / n where one
 * of n has all of it.
 *
 *     G = Σ (2i − n − 1) xᵢ / (n Σ xᵢ)     with x sorted, i from 1
 *
 * Sources: C. Gini, Variabilità e mutabilità (1912); the formula: C. Damgaard and J. Weiner, Describing inequality in
 * plant size or fecundity, Ecology 81 (2000).
 * @param counts of each holder, those with 0 included; their unit does not matter
 * @returns a number from 0 to below 1; undefined where nobody has anything
 * @throws RangeError if one is negative or not finite
 */
export function gini(counts: readonly number[]): number | undefined {
	const sorted = Float64Array.from(counts).sort();
	const n = sorted.length;
	const largest = sorted.at(-1) ?? 0;
	// NaN is sorted to the end.
	if (!((sorted[0] ?? 0) >= 0 && Number.isFinite(largest))) {
		throw new RangeError("a count has to be a finite number of at least 0");
	}
	if (largest === 0) return undefined;
	let sum = 0;
	let weighted = 0;
	for (const [index, count] of sorted.entries()) {
		// As parts of the largest, so that no sum overflows.
		const part = count / largest;
		sum += part;
		weighted += (2 * index - n + 1) * part;
	}
	return Math.max(0, weighted / (n * sum));
}

/** How scores were spread once: what later ones are compared with. */
export interface Distribution {
	/** Upper ends of all bins but the last, rising; a score that is equal to one is below it. */
	readonly edges: readonly number[];
	/** Share of the scores in each bin, from 0 to 1; one more than there are edges. */
	readonly shares: readonly number[];
}

/**
 * The distribution of scores over bins that hold about the same number of them (of nearest-rank quantiles).
 * Where many scores are equal, quantiles coincide: there are fewer bins then, and their shares are what they are.
 * @returns undefined where there are no two different scores
 */
export function baselineOf(
	scores: readonly number[],
	bins = 10,
): Distribution | undefined {
	const sorted = Float64Array.from(scores).sort();
	const largest = sorted.at(-1);
	const below = sorted.findLast((score) => score !== largest);
	if (below === undefined) return undefined;
	const quantiles = Array.from({ length: bins - 1 }, (_, index) => {
		const rank = Math.ceil(((index + 1) * sorted.length) / bins);
		return sorted[rank - 1] ?? below;
	});
	// Nothing is beyond the largest score: a quantile that is equal to it divides nothing.
	const edges = [...new Set(quantiles)].filter((edge) => edge !== largest);
	if (edges.length === 0) edges.push(below);
	return { edges, shares: sharesOf(scores, edges) };
}

/** What stands in the place of a share of 0, whose logarithm would be infinite. */
const leastShare = 0.0001;

/**
 * How far scores have drifted from the baseline: the Population Stability Index, a number without a unit.
 *
 *     PSI = Σ (aᵢ − bᵢ) ln(aᵢ / bᵢ)     with the shares a of the scores and b of the baseline in each bin
 *
 * It is 0 for the same shares, and has no upper bound; by custom, below 0.1 is taken as no drift, above 0.25 as a large
 * one. Chance alone makes it about (bins − 1) · (1 / number of scores + 1 / number in the baseline).
 * An empty bin counts as a share of 0.0001.
 *
 * Sources: N. Siddiqi, Credit Risk Scorecards (2006); what chance makes of it: B. Yurdakul, Statistical Properties of
 * Population Stability Index (2018), https://scholarworks.wmich.edu/dissertations/3208
 * @returns undefined where there are no scores
 */
export function populationStabilityIndex(
	baseline: Distribution,
	scores: readonly number[],
): number | undefined {
	if (scores.length === 0) return undefined;
	return sharesOf(scores, baseline.edges)
		.map((share, bin) => {
			const now = Math.max(share, leastShare);
			const then = Math.max(baseline.shares[bin] ?? 0, leastShare);
			return (now - then) * Math.log(now / then);
		})
		.reduce((sum, term) => sum + term, 0);
}

function sharesOf(
	scores: readonly number[],
	edges: readonly number[],
): number[] {
	const counts = Array.from({ length: edges.length + 1 }, () => 0);
	for (const score of scores) {
		const bin = edges.findIndex((edge) => score <= edge);
		const index = bin === -1 ? edges.length : bin;
		counts[index] = (counts[index] ?? 0) + 1;
	}
	return counts.map((count) => count / scores.length);
}
