/** The stack's settings for all of its rollouts, `gardener:…` in the configuration. */
import { UserError } from "../model/problem";

export type Setting = (key: string) => string | undefined;

const DEFAULT_CONCURRENT_ROLLOUTS = 5;
const CONCURRENT = "gardener:maxConcurrentRollouts";
const FAILED = "gardener:maxFailedRollouts";

/** How many rollouts may run at once. */
export function concurrentRollouts(setting: Setting): number {
  const set = setting(CONCURRENT);
  const limit = set === undefined ? DEFAULT_CONCURRENT_ROLLOUTS : Number(set);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw unexpected(CONCURRENT, "a whole number of at least 1", set);
}

/** How many of so many rollouts may fail before no further one is started. */
export function allowedFailures(setting: Setting, rollouts: number): number {
  const set = setting(FAILED);
  if (set === undefined) return 0;
  const [, digits, percent] = /^(\d{1,6})(%?)$/.exec(set.trim()) ?? [];
  const count = Number(digits);
  if (digits === undefined || (percent === "%" && count > 100)) {
    throw unexpected(FAILED, 'a whole number, or a percentage such as "10%"', set);
  }
  return percent === "%" ? Math.floor((rollouts * count) / 100) : count;
}

function unexpected(property: string, expected: string, found: string | undefined): UserError {
  return new UserError("GU021", `expected ${expected}, found ${JSON.stringify(found)}`, { property });
}
