#!/usr/bin/env node
import "./thread-pool.ts";
import "./young-generation.ts";

const { runProgram } = await import("./program.ts");
await runProgram();
