import { createHash } from "node:crypto";

/** The same in every run for the same parts. */
export function fingerprint(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
