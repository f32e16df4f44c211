/** Versions of a machine image that suit a pool: those among which Gardener's maintenance chooses. */
import { at, type JsonMap, mapsAt, text, textAt } from "../json";
import { isInPlace } from "../validation/context";
import { architecturesOf, supportsCri, takesInPlace } from "../validation/machines";
import { satisfiesConstraint } from "../validation/versions";

/** `kubeletVersion`: of the pool before this maintenance, which updates images first. */
export function suitableVersions(image: JsonMap, pool: JsonMap, kubeletVersion: string): readonly JsonMap[] {
  const architecture = textAt(pool, "machine", "architecture") || "amd64";
  return mapsAt(image, "versions").filter((entry) => {
    const constraint = text(entry.kubeletVersionConstraint);
    return (
      architecturesOf(entry).includes(architecture) &&
      fitsCri(pool, entry) &&
      (constraint === "" || satisfiesConstraint(kubeletVersion, constraint)) &&
      fitsInPlace(pool, entry)
    );
  });
}

function fitsCri(pool: JsonMap, entry: JsonMap): boolean {
  const offered = supportsCri(entry, textAt(pool, "cri", "name") || "containerd");
  if (offered === undefined) return false;
  return mapsAt(pool, "cri", "containerRuntimes").every((one) => offered.includes(text(one.type)));
}

function fitsInPlace(pool: JsonMap, entry: JsonMap): boolean {
  if (!isInPlace(pool)) return true;
  const current = textAt(pool, "machine", "image", "version");
  const supported = at(entry, "inPlaceUpdates", "supported") === true;
  return entry.version === current ? supported : takesInPlace(entry, current);
}
