/**
 * The classification of a version at a moment: computed from its stages and the clock, as Gardener's
 * CurrentLifecycleClassification does (pkg/api/core/v1beta1/helper/cloudprofile.go).
 */
import type { Classification, OfferedVersion } from "../model/cloudprofile";

/** The last stage that has begun; a stage begins strictly after its start time. */
export function classify(version: OfferedVersion, now: Date): Classification {
  const begun = version.lifecycle.filter(({ from }) => from === undefined || from < now);
  return begun.at(-1)?.classification ?? "unavailable";
}

/** When the version expires or has expired; undefined where no date is set. */
export function expiryOf(version: OfferedVersion): Date | undefined {
  return version.lifecycle.find(({ classification }) => classification === "expired")?.from;
}
