/** The environment in which scripts find `pulumi`, the command `pulumi-gardener`, and a local backend. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { findEngine } from "../../tools/engine/engine";
import { environment } from "../../tools/engine/environment";
import { repository } from "../../tools/engine/project";
import { installCommand, type Ended } from "./exec";

export interface CommandLine {
  /** A folder on PATH, for stand-ins of other commands. */
  readonly bin: string;
  /** In a process group of its own. */
  start(command: string, args: readonly string[], options: CommandOptions): Job;
  execute(command: string, args: readonly string[], options: CommandOptions): Promise<Ended>;
}

interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  /** Of the process, and of its group. */
  readonly pid: number;
  /** Resolves with all that it has printed once that matches. @throws where it ends before. */
  printed(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
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
    await symlink(path.join(repository, "tests", "engine", "pulumi.sh"), path.join(bin, "pulumi"));
  }
  function start(command: string, args: readonly string[], options: CommandOptions): Job {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...env, REAL_PULUMI: real, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const texts = { stdout: "", stderr: "", all: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        texts[stream] += text;
        texts.all += text;
        child.emit("printed");
      });
    }
    const ended = once(child, "close").then(() => ({
      code: child.exitCode,
      stdout: texts.stdout,
      stderr: texts.stderr,
    }));
    return {
      pid: child.pid ?? 0,
      ended,
      async printed(pattern) {
        while (!pattern.test(texts.all)) {
          await Promise.race([once(child, "printed"), ended]);
          if (child.exitCode !== null) throw new Error(`ended without ${String(pattern)}:\n${texts.all}`);
        }
        return texts.all;
      },
    };
  }
  return { bin, start, execute: (command, args, options) => start(command, args, options).ended };
}

export function executable(file: string, script: string): Promise<void> {
  return writeFile(file, `#!/bin/sh\n${script}`, { mode: 0o755 });
}
