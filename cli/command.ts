#!/usr/bin/env node
/** The command `pulumi-gardener`. Its modules are resolved from this file, never from the working directory. */
import { main as credential } from "./credential";

const [subcommand, ...rest] = process.argv.slice(2);
if (subcommand === "credential") {
  // Clients of Kubernetes run it often: it loads no more than it needs.
  void credential(rest);
} else {
  void run();
}

async function run(): Promise<void> {
  // A reader such as `head` has seen enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const { main } = await import("./main.js");
  const { stdout, stderr, env } = process;
  process.exitCode = await main(process.argv.slice(2), { stdout, stderr, env, now: () => new Date() });
}
