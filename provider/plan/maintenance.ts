/**
 * Which version Gardener's maintenance chooses for one control plane, worker pool or machine image. Follows
 * pkg/controllermanager/controller/shoot/maintenance/helper and the version filters in
 * pkg/api/core/v1beta1/helper/cloudprofile.go. Versions that are not yet available are not
 * filtered there, so neither are they here.
 */
import type { ImageUpdateStrategy, OfferedVersion } from "../model/cloudprofile";
import { AutomaticUpgradeReason } from "../model/enums";
import { find, newest } from "./catalogue";
import { classify } from "./classification";
import { isNewer, minorsBetween, parseVersion, sameMajor, sameMinor } from "./versions";

/** What maintenance does with a version; undefined: nothing. Without `to` it finds no version. */
export type MaintenanceChoice = { readonly to?: string; readonly reason: AutomaticUpgradeReason } | undefined;

interface Subject {
  readonly current: string;
  /** The versions that qualify, with the current one if it does. */
  readonly versions: readonly OfferedVersion[];
  /** Whether the Shoot enables automatic updates. */
  readonly automatic: boolean;
}

export function kubernetesMaintenance(subject: Subject, at: Date): MaintenanceChoice {
  const { current, versions } = subject;
  return choose(subject, at, {
    automatic: (newer) =>
      highestActive(
        newer.filter(({ version }) => sameMinor(version, current)),
        at,
      ),
    forced: () => {
      const next = versions.filter(({ version }) => minorsBetween(current, version) === 1);
      return newest(notExpired(released(next, at), at)) ?? newest(released(next, at));
    },
  });
}

export function imageMaintenance(
  subject: Subject,
  strategy: ImageUpdateStrategy,
  at: Date,
): MaintenanceChoice {
  const { current, versions } = subject;
  return choose(subject, at, {
    automatic: (newer) => {
      // A patch of the same minor comes first, whatever the strategy.
      const patch = highestActive(
        newer.filter(({ version }) => sameMinor(version, current)),
        at,
      );
      if (patch !== undefined || strategy === "patch") return patch;
      const inMajor = newer.filter(({ version }) => sameMajor(version, current));
      return highestActive(strategy === "minor" ? inMajor : newer, at);
    },
    forced: () => {
      switch (strategy) {
        case "patch": {
          const inMajor = ({ version }: OfferedVersion) => sameMajor(version, current);
          return forcedToNext("minor", current, versions, inMajor, at);
        }
        case "minor":
          return forcedToNext("major", current, versions, () => true, at);
        case "major":
          return undefined;
      }
    },
  });
}

function choose(
  { current, versions, automatic }: Subject,
  at: Date,
  candidates: {
    automatic(newer: readonly OfferedVersion[]): OfferedVersion | undefined;
    forced(): OfferedVersion | undefined;
  },
): MaintenanceChoice {
  const entry = find(versions, current);
  const reason = reasonFor(entry, automatic, at);
  if (reason === undefined) return undefined;
  const found = candidates.automatic(versions.filter(({ version }) => isNewer(version, current)));
  if (found !== undefined) return { to: found.version, reason };
  if (reason === "automatic") return undefined;
  const forced = candidates.forced();
  return forced === undefined ? { reason } : { to: forced.version, reason };
}

function reasonFor(
  current: OfferedVersion | undefined,
  automatic: boolean,
  at: Date,
): AutomaticUpgradeReason | undefined {
  if (current === undefined) return AutomaticUpgradeReason.Removed;
  if (classify(current, at) === "expired") return AutomaticUpgradeReason.Expired;
  return automatic ? AutomaticUpgradeReason.Automatic : undefined;
}

/** The highest that is neither preview nor expired; a deprecated one only where there is no other. */
function highestActive(versions: readonly OfferedVersion[], at: Date): OfferedVersion | undefined {
  const active = notExpired(released(versions, at), at);
  return newest(active.filter((version) => classify(version, at) !== "deprecated")) ?? newest(active);
}

/**
 * The highest version of the lowest minor (or major) above the current one that has a version which has not expired.
 * If that skips one that the CloudProfile has, even only as a preview or in another major, expired versions count as
 * much as others (getVersionForMachineImageForceUpdate).
 */
function forcedToNext(
  level: "minor" | "major",
  current: string,
  versions: readonly OfferedVersion[],
  among: (version: OfferedVersion) => boolean,
  at: Date,
): OfferedVersion | undefined {
  const levelOf = ({ version }: OfferedVersion) => parseVersion(version)?.[level] ?? -1;
  const from = parseVersion(current)?.[level] ?? Infinity;
  const above = versions.filter((version) => levelOf(version) > from);
  const candidates = released(above, at).filter(among);
  const lowestGroup = (group: readonly OfferedVersion[]) => {
    const lowest = Math.min(...group.map(levelOf));
    return newest(group.filter((version) => levelOf(version) === lowest));
  };
  const found = lowestGroup(notExpired(candidates, at));
  const skipsNone = found !== undefined && levelOf(found) <= Math.min(...above.map(levelOf));
  return skipsNone ? found : lowestGroup(candidates);
}

function notExpired(versions: readonly OfferedVersion[], at: Date): readonly OfferedVersion[] {
  return versions.filter((version) => classify(version, at) !== "expired");
}

function released(versions: readonly OfferedVersion[], at: Date): readonly OfferedVersion[] {
  return versions.filter(
    (version) => classify(version, at) !== "preview" && parseVersion(version.version) !== undefined,
  );
}
