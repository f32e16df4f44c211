/** The Kubernetes versions on the way to one that is several minors away: one of each minor between. */
import type { OfferedVersion } from "../model/cloudprofile";
import { newest, preferred, withClassification } from "./catalogue";
import { isNewer, minorOf, minorsBetween, parseVersion } from "./versions";

export type Way =
  | { readonly kind: "way"; readonly versions: readonly OfferedVersion[] }
  /** Nothing of this minor can be used, and it cannot be skipped. */
  | { readonly kind: "blocked"; readonly minor: string };

export function wayTo(from: string, to: string, offered: readonly OfferedVersion[], now: Date): Way {
  const versions: OfferedVersion[] = [];
  for (const minor of minorsOnTheWay(from, to)) {
    const inMinor = offered.filter(({ version }) => minorOf(version) === minor);
    // Gardener takes an expired version on an existing Shoot, so that forced updates can continue.
    const version = preferred(inMinor, now) ?? newest(withClassification(inMinor, now, "expired"));
    if (version === undefined) return { kind: "blocked", minor };
    versions.push(version);
  }
  return { kind: "way", versions };
}

/** Also where the last one is of another major: which minor is its last is not known. */
function minorsOnTheWay(from: string, to: string): readonly string[] {
  const [low, high] = [parseVersion(from), parseVersion(to)];
  if (low === undefined || high === undefined || !isNewer(to, from)) return [];
  if (low.major !== high.major) return [`${low.major}.${low.minor + 1}`];
  return Array.from(
    { length: Math.max(0, minorsBetween(from, to) - 1) },
    (_, index) => `${low.major}.${low.minor + index + 1}`,
  );
}
