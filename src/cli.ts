#!/usr/bin/env node
import "./young-generation.ts";

const { runProgram } = await import("./program.ts");
await runProgram();
