import { execFileSync } from "node:child_process";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process that this one has started, directly or not; parents before their children. */
export function descendants(): readonly Process[] {
  const all = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line): Process[] => {
      const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
    });
  const found: Process[] = [];
  const parents = [process.pid];
  for (const pid of parents) {
    const children = all.filter(({ parent }) => parent === pid);
    found.push(...children);
    parents.push(...children.map((child) => child.pid));
  }
  return found;
}

/** Ends all of them at once. */
export function killDescendants(): void {
  for (const { pid } of descendants()) signal(pid, "SIGKILL");
}

/** No failure where the process has ended meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone.
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
