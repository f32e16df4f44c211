/** Machine images that suit a pool: what Gardener's maintenance leaves of an image before it chooses. */
import { at, type JsonMap, mapsAt, text, textAt } from "../json";
import { architecturesOf, flavorsServe } from "../strategy/machines";
import { isInPlace } from "../validation/context";
import { compareVersions, satisfiesConstraint } from "../validation/versions";

export interface PoolImageQuestion {
  readonly pool: JsonMap;
  readonly image: JsonMap;
  readonly machineType: JsonMap;
  readonly profile: JsonMap;
  /** Of the pool before this maintenance: images come first. */
  readonly kubeletVersion: string;
}

export function suitableVersions(question: PoolImageQuestion): readonly JsonMap[] {
  const { image, machineType, profile } = question;
  const withCapabilities = mapsAt(profile, "machineCapabilities").length > 0;
  return mapsAt(image, "versions").filter(
    (entry) =>
      fitsArchitecture(question, entry) &&
      (!withCapabilities || flavorsServe(machineType, entry, profile)) &&
      fitsCri(question, entry) &&
      fitsKubelet(question, entry) &&
      fitsInPlace(question, entry),
  );
}

function fitsArchitecture({ pool, profile }: PoolImageQuestion, entry: JsonMap): boolean {
  return architecturesOf(entry, profile).includes(textAt(pool, "machine", "architecture") || "amd64");
}

function fitsCri({ pool }: PoolImageQuestion, entry: JsonMap): boolean {
  const wanted = textAt(pool, "cri", "name") || "containerd";
  const offered = mapsAt(entry, "cri").find((one) => one.name === wanted);
  if (offered === undefined) return false;
  const runtimes = mapsAt(offered, "containerRuntimes").map((one) => text(one.type));
  return mapsAt(pool, "cri", "containerRuntimes").every((one) => runtimes.includes(text(one.type)));
}

function fitsKubelet({ kubeletVersion }: PoolImageQuestion, entry: JsonMap): boolean {
  const constraint = text(entry.kubeletVersionConstraint);
  return constraint === "" || satisfiesConstraint(kubeletVersion, constraint);
}

function fitsInPlace({ pool }: PoolImageQuestion, entry: JsonMap): boolean {
  if (!isInPlace(pool)) return true;
  const current = textAt(pool, "machine", "image", "version");
  if (at(entry, "inPlaceUpdates", "supported") !== true) return false;
  if (entry.version === current) return true;
  const minimum = textAt(entry, "inPlaceUpdates", "minVersionForUpdate");
  return minimum !== "" && (compareVersions(minimum, current) ?? 1) <= 0;
}
