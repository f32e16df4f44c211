import { execFile } from "node:child_process";

export interface Ran {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Runs a command quietly; a command that is missing, fails or takes too long is not ok. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const settings = { ...options, maxBuffer: 64 * 1024 * 1024, encoding: "utf8" as const };
    const child = execFile(command, args, settings, (error, stdout, stderr) => {
      resolve({ ok: error === null, stdout, stderr });
    });
    child.stdin?.end();
  });
}
