/** Problems of single worker pools; the same problem of several pools is reported once. */
import type { Problem } from "../model/problem";

/** A problem of one pool; `message` takes the names of all pools that have it. */
export interface Finding extends Omit<Problem, "message"> {
  readonly message: (pools: string) => string;
}

export function merged(
  found: readonly { readonly pool: string; readonly findings: readonly Finding[] }[],
): readonly Problem[] {
  const groups = new Map<string, { readonly finding: Finding; readonly pools: string[] }>();
  for (const { pool, findings } of found) {
    for (const finding of findings) {
      const key = `${finding.code} ${finding.property} ${finding.message("")}`;
      const group = groups.get(key) ?? { finding, pools: [] };
      group.pools.push(pool);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ finding, pools }) => ({
    ...finding,
    message: finding.message(pools.join(", ")),
  }));
}
