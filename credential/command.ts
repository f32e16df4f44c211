#!/usr/bin/env node
/** The command `pulumi-gardener`. Its modules are resolved from this file, never from the working directory. */
import { main } from "./credential";

const [subcommand, ...rest] = process.argv.slice(2);
if (subcommand === "credential") {
  void main(rest);
} else {
  process.stderr.write(
    "Usage: pulumi-gardener credential <namespace>/<name> [options of a kubeconfig output]\n",
  );
  process.exitCode = 2;
}
