import { mkdir, open, readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";

const LOOK_AGAIN_MS = 500;

/** Runs one at a time among all processes of this machine; the lock of a process that has ended does not count. */
export async function withLock<T>(
  file: string,
  log: (line: string) => void,
  action: () => Promise<T>,
): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  for (let waiting = false; !(await take(file)); waiting = true) {
    const owner = await ownerOf(file);
    if (owner !== undefined && !isAlive(owner)) {
      await rm(file, { force: true });
      continue;
    }
    if (!waiting) log(`Waiting for process ${owner ?? "?"}, which prepares the Pulumi engine.`);
    await setTimeout(LOOK_AGAIN_MS);
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined while its owner has not written its id yet, or has just released it. */
async function ownerOf(file: string): Promise<number | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text === "" ? undefined : Number(text);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
