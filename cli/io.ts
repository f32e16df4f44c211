/** The process as the command sees it; tests replace it. */
import { rename, rm, writeFile } from "node:fs/promises";
import { UserError } from "../provider/model/problem";
import { visible } from "../provider/model/text";

export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** By NO_COLOR, FORCE_COLOR, TERM and the kind of the terminal. */
  hasColors?(env?: object): boolean;
  write(text: string): unknown;
}

export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
}

export interface Progress {
  show(text: string): void;
  /** Before anything else is written. */
  clear(): void;
}

const ERASE_LINE = "\r\u001b[K";

/** One line that is written over; none where nobody sees it change. */
export function progressOn({ stderr }: Io): Progress {
  if (stderr.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  return {
    show: (text) => stderr.write(`${ERASE_LINE}${visible(text).slice(0, (stderr.columns ?? 80) - 1)}`),
    clear: () => stderr.write(ERASE_LINE),
  };
}

/** Readers of the file see the old content or the new one, never a part. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw notWritten(path, error);
  }
}

export function notWritten(path: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError("GU091", `${JSON.stringify(path)} cannot be written: ${reason}`, {
    property: "--out",
  });
}
