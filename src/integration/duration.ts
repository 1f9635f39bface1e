const units = [
	["d", 86_400],
	["h", 3600],
	["min", 60],
] as const;

/** Seconds as a person says them: "45 s", "12 min", "2 h 10 min", "3 d 4 h". */
export function span(seconds: number): string {
	const whole = Math.round(seconds);
	if (Math.abs(whole) < 60) return `${whole} s`;
	if (whole < 0) return `-${span(-whole)}`;
	const first = units.findIndex(([, length]) => whole >= length);
	const [unit, length] = units[first] ?? ["s", 1];
	const count = Math.floor(whole / length);
	const [nextUnit, nextLength] = units[first + 1] ?? ["", 1];
	const rest = Math.floor((whole % length) / nextLength);
	return rest === 0 || nextUnit === ""
		? `${count} ${unit}`
		: `${count} ${unit} ${rest} ${nextUnit}`;
}
