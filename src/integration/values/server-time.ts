/** A `date` tells whole seconds, and has been on its way: below this difference the clocks are taken as the same. */
const resolution = 2000;
/** A clock that differs by more was never set, or the header was not made for this answer. */
const mostSkew = 86_400_000;

/**
 * What the server's clock showed when its answer arrived, in Unix milliseconds: by its `date` header, to which the time
 * is added that the answer spent in caches (`age`); by this machine's clock, if that header is missing or makes no sense.
 * Source: RFC 9110 (6.6.1), RFC 9111 (5.1)
 * @param now this machine's clock, in Unix milliseconds
 */
export function serverTime(
	headers: Readonly<Record<string, string>>,
	now: number,
): number {
	const sent = Date.parse(headers.date ?? "");
	const inCaches = /^\d{1,9}$/.test(headers.age ?? "")
		? Number(headers.age) * 1000
		: 0;
	const shown = sent + inCaches;
	const skew = Math.abs(shown - now);
	return skew > resolution && skew < mostSkew ? shown : now;
}
