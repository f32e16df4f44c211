/**
 * Loaded into the processes that the engine starts (NODE_OPTIONS). In that of the dynamic provider it keeps a file with
 * the most memory, its processor time, and the longest pauses of the event loop since the process could be called.
 */
"use strict";
/* global performance, setInterval */
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

const TURN_MS = 5;

if (/dynamic-provider/.test(process.argv[1] ?? "")) {
  let [pauseMs, busyMs] = [0, 0];
  let turn;
  const write = process.stdout.write.bind(process.stdout);
  // It prints its port when its own modules are loaded.
  process.stdout.write = (...args) => {
    turn = now();
    process.stdout.write = write;
    return write(...args);
  };
  setInterval(() => {
    if (turn === undefined) return;
    const next = now();
    const passed = next.ms - turn.ms - TURN_MS;
    pauseMs = Math.max(pauseMs, passed);
    busyMs = Math.max(busyMs, Math.min(passed, next.processorMs - turn.processorMs));
    turn = next;
  }, TURN_MS).unref();

  const file = join(process.env.BENCH_PROCESSES, `${process.pid}.json`);
  setInterval(() => {
    const memoryMiB = process.resourceUsage().maxRSS / 1024;
    const found = { memoryMiB, processorSeconds: now().processorMs / 1000, pauseMs, busyMs };
    writeFileSync(file, JSON.stringify(found));
  }, 100).unref();
}

function now() {
  const { user, system } = process.cpuUsage();
  return { ms: performance.now(), processorMs: (user + system) / 1000 };
}
