import { execFileSync } from "node:child_process";

/** Ends every process that this one has started, directly or not, at once. */
export function killDescendants(): void {
  const children = new Map<number, number[]>();
  for (const line of execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n")) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid === undefined || parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const doomed = [...(children.get(process.pid) ?? [])];
  for (const pid of doomed) {
    doomed.push(...(children.get(pid) ?? []));
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone meanwhile.
    }
  }
}
