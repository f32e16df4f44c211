/** The environment in which scripts find `pulumi`, the command `pulumi-gardener`, and a local backend. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { findEngine } from "../../tools/engine/engine";
import { environment } from "../../tools/engine/environment";
import { repository } from "../../tools/engine/project";
import { installCommand, type Ended } from "./exec";

export interface CommandLine {
  /** A folder on PATH, for stand-ins of other commands. */
  readonly bin: string;
  execute(
    command: string,
    args: readonly string[],
    options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
  ): Promise<Ended>;
}

/** @param home folder that it writes to. */
export async function commandLine(
  home: string,
  variables: Readonly<Record<string, string>>,
): Promise<CommandLine> {
  const engine = await findEngine();
  const bin = await installCommand(home);
  const real = engine.root === undefined ? "pulumi" : path.join(engine.root, "bin", "pulumi");
  const folders = [bin, ...(engine.root === undefined ? [] : [path.dirname(real)])];
  const env = await environment(home, engine, {
    HOME: home,
    ...variables,
    PATH: [...folders, process.env["PATH"] ?? ""].join(path.delimiter),
  });
  if (!engine.languageHost) {
    const script = path.join(repository, "tests", "engine", "pulumi.js");
    await executable(path.join(bin, "pulumi"), `exec node "${script}" "$@"\n`);
  }
  return {
    bin,
    async execute(command, args, options) {
      const child = spawn(command, args, {
        cwd: options.cwd,
        env: { ...env, REAL_PULUMI: real, ...options.env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const closed = once(child, "close");
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      await closed;
      return { code: child.exitCode, stdout, stderr };
    },
  };
}

export function executable(file: string, script: string): Promise<void> {
  return writeFile(file, `#!/bin/sh\n${script}`, { mode: 0o755 });
}
