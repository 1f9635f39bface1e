import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	AlertingStack,
	isAlertingMissing,
} from "../../support/alerts/alerting-stack.ts";
import { told } from "../../support/alerts/calm.ts";
import {
	canMakeMachine,
	containerName,
	Machine,
} from "../../support/alerts/machine.ts";
import { proofs } from "../../support/alerts/proofs.ts";

const isImpossible = isAlertingMissing || !canMakeMachine();
let alerting: AlertingStack;
let machine: Machine;

beforeAll(async () => {
	if (isImpossible) return;
	alerting = await AlertingStack.start();
	machine = await Machine.start(alerting);
}, 120_000);
afterAll(async () => {
	await alerting?.end();
	await machine?.end();
});

describe.skipIf(isImpossible)("a real fault of a machine", () => {
	const { together, alone, allOnRecord } = proofs("system", () => alerting);
	const component = "host";

	test("is told of nobody while all is well", {
		timeout: 150_000,
	}, async () => {
		expect(await told(alerting, 10)).toEqual([]);
	});

	together({
		alert: "CpuHigh",
		severity: "warning",
		component,
		labels: { host_name: containerName },
		fault:
			"a process computes without end in a container of one CPU, of which it may use 0.6",
		shown: { from: { under: 50 }, to: { over: 50 } },
		break: () => machine.container.compute(0.6),
		repair: () => machine.processes.end("computing"),
	});
	together({
		alert: "MemoryHigh",
		severity: "warning",
		component,
		labels: { host_name: containerName },
		fault: "a process takes three fifths of a container's memory",
		shown: { from: { under: 60 }, to: { over: 60 } },
		break: () => machine.container.hold(0.6),
		repair: () => machine.processes.end("holding"),
	});
	together({
		alert: "DiskFull",
		severity: "warning",
		component,
		labels: { mountpoint: "/mnt/data" },
		fault: "a small file system is filled to 90 %",
		shown: { from: { under: 85 }, to: { over: 85 } },
		break: () => machine.disks.data.fill(90),
		repair: () => machine.disks.data.empty(),
	});
	together({
		alert: "DiskWillFill",
		severity: "warning",
		component,
		labels: { mountpoint: "/mnt/logs" },
		fault: "a program writes on and on to a file system that is 65 % full",
		shown: { from: { under: 66 }, to: { over: 66 } },
		break: () => machine.disks.logs.writeSteadily(),
		repair: () => machine.disks.logs.endWriting(),
	});
	together({
		alert: "FileDescriptorsRunningOut",
		severity: "warning",
		component,
		fault:
			"a stand-in for the machine's /proc says that 87 % of the files are open",
		shown: { from: { under: 0.8 }, to: { over: 0.8 } },
		break: () => machine.proc.tellOpenFiles(0.87),
		repair: () => machine.proc.tellOpenFiles(0.1),
	});
	together({
		alert: "PressureHigh",
		severity: "warning",
		component,
		fault:
			"a process waits for a slow disk all the time, and the kernel's account of it stands in for the machine's",
		shown: { from: { under: 0.2 }, to: { over: 0.2 } },
		break: () => machine.waitForDisk(),
		repair: () => machine.processes.end("reading"),
	});
	together({
		alert: "ProcessDown",
		severity: "critical",
		component,
		fault: "a watched process is killed",
		shown: { from: 1, to: 0 },
		break: () => machine.processes.end("worker"),
		repair: () => machine.startWorker(),
	});

	test("is over before the next ones come", () => {
		expect(machine.processes.names).toEqual(["worker"]);
	});

	together({
		alert: "CpuHigh",
		severity: "critical",
		component,
		labels: { host_name: containerName },
		fault: "a process computes without end in a container of one CPU",
		shown: { from: { under: 85 }, to: { over: 85 } },
		break: () => machine.container.compute(1),
		repair: () => machine.processes.end("computing"),
	});
	together({
		alert: "MemoryHigh",
		severity: "critical",
		component,
		labels: { host_name: containerName },
		fault: "a process takes four fifths of a container's memory",
		shown: { from: { under: 85 }, to: { over: 85 } },
		break: () => machine.container.hold(0.8),
		repair: () => machine.processes.end("holding"),
	});
	together({
		alert: "DiskFull",
		severity: "critical",
		component,
		labels: { mountpoint: "/mnt/data" },
		fault: "a small file system is filled to 98 %",
		shown: { from: { under: 95 }, to: { over: 95 } },
		break: () => machine.disks.data.fill(98),
		repair: () => machine.disks.data.empty(),
	});
	together({
		alert: "DiskWillFill",
		severity: "critical",
		component,
		labels: { mountpoint: "/mnt/archive" },
		fault: "a program writes on and on to a file system that is 78 % full",
		shown: { from: { under: 79 }, to: { over: 79 } },
		break: () => machine.disks.archive.writeSteadily(),
		repair: () => machine.disks.archive.endWriting(),
	});
	together({
		alert: "FileDescriptorsRunningOut",
		severity: "critical",
		component,
		fault:
			"a stand-in for the machine's /proc says that 97 % of the files are open",
		shown: { from: { under: 0.95 }, to: { over: 0.95 } },
		break: () => machine.proc.tellOpenFiles(0.97),
		repair: () => machine.proc.tellOpenFiles(0.1),
	});

	alone({
		alert: "OomKill",
		severity: "warning",
		component,
		fault:
			"a process takes more memory than its container has, and the kernel kills it",
		shown: { from: 0, to: { over: 0 } },
		break: async () =>
			expect(await machine.container.exhaustMemory()).toBe("SIGKILL"),
		repair: () => machine.processes.end("exhausting"),
	});
	allOnRecord();
});
