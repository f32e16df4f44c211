/**
 * Loaded into the processes that the engine starts (NODE_OPTIONS). In that of the dynamic provider it keeps a file with
 * the most memory, its processor time, the longest pause of the event loop since the process could be called, and the open
 * sockets and timers.
 */
"use strict";
/* global setInterval */
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { monitorEventLoopDelay } = require("node:perf_hooks");

if (/dynamic-provider/.test(process.argv[1] ?? "")) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const write = process.stdout.write.bind(process.stdout);
  // It prints its port when its own modules are loaded.
  process.stdout.write = (...args) => {
    delay.enable();
    process.stdout.write = write;
    return write(...args);
  };
  const file = join(process.env.BENCH_PROCESSES, `${process.pid}.json`);
  setInterval(() => {
    const resources = process.getActiveResourcesInfo();
    const count = (pattern) => resources.filter((name) => pattern.test(name)).length;
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const found = {
      memoryMiB: maxRSS / 1024,
      processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
      pauseMs: delay.max / 1e6,
      sockets: count(/TCP|TLS/),
      timers: count(/Timeout/),
    };
    writeFileSync(file, JSON.stringify(found));
  }, 100).unref();
}
