/** Versions of Kubernetes' own APIs that a minor no longer serves; the table is written by `npm run api-lifecycle`. */
import { minorsBetween } from "../plan";
import { apiLifecycle } from "./apiLifecycle";
import type { ApiVersion } from "./apiVersion";

/** Of all kinds that such a minor drops. */
export function removedIn(minors: readonly string[]): readonly ApiVersion[] {
  return apiLifecycle.versions.filter(({ removedIn: minor }) => minors.includes(minor));
}

/** Whether it is known what such a minor drops. */
export function isKnown(minor: string): boolean {
  return minorsBetween(minor, apiLifecycle.until) >= 0;
}
