/** Limits within which a machine stays, however busy and full it is: for tests that are about something else. */
export const anyMachine = {
	cpu_warning: 99.9,
	cpu_critical: 100,
	memory_warning: 99.9,
	memory_critical: 100,
	disk_warning: 99.9,
	disk_critical: 100,
};
