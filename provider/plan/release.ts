/** Releases of Gardener: rules differ between them. */
import type { Shoot } from "../model/shoot";
import { isNewer, parseVersion } from "./versions";

/** Whether the Shoot's Gardener is this release or a later one; undefined: not known. */
export function isSince({ gardenerVersion = "" }: Shoot, release: string): boolean | undefined {
  // A build such as `v1.127.0-dev` has the rules of its release already.
  const known = gardenerVersion.replace(/[-+].*$/, "");
  return parseVersion(known) === undefined ? undefined : !isNewer(release, known);
}
