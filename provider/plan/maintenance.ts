/**
 * Which version Gardener's own maintenance chooses; a retelling of
 * pkg/controllermanager/controller/shoot/maintenance/helper and of the version filters in
 * pkg/api/core/v1beta1/helper/cloudprofile.go. Versions that are not yet available are not
 * filtered there, so neither are they here.
 */
import type { ImageUpdateStrategy, OfferedVersion } from "../model/cloudprofile";
import { find, newest } from "./catalogue";
import { classify } from "./classification";
import { compareVersions, isNewer, minorsBetween, parseVersion, sameMajor, sameMinor } from "./versions";

/** What maintenance does about a version; undefined: nothing. Without `to` it finds no way. */
export type MaintenanceStep = { readonly to?: string; readonly reason: "automatic" | "expired" } | undefined;

interface Subject<Version extends OfferedVersion> {
  readonly current: string;
  readonly versions: readonly Version[];
  /** Whether the Shoot asks for automatic updates. */
  readonly automatic: boolean;
}

export function kubernetesMaintenance(subject: Subject<OfferedVersion>, at: Date): MaintenanceStep {
  const { current, versions } = subject;
  return maintenance(subject, at, {
    automatic: (newer) =>
      highestActive(
        newer.filter(({ version }) => sameMinor(version, current)),
        at,
      ),
    forced: () =>
      highestOrExpired(
        released(versions, at).filter(({ version }) => minorsBetween(current, version) === 1),
        at,
      ),
  });
}

/** @param suitable the versions of the pool's image that suit it with the kubelets it runs before. */
export function imageMaintenance(
  subject: Subject<OfferedVersion> & { readonly suitable: readonly OfferedVersion[] },
  strategy: ImageUpdateStrategy,
  at: Date,
): MaintenanceStep {
  const { current, suitable } = subject;
  const isPatch = ({ version }: OfferedVersion) => sameMinor(version, current);
  const isSameMajor = ({ version }: OfferedVersion) => sameMajor(version, current);
  const newer = released(suitable, at).filter(({ version }) => isNewer(version, current));
  return maintenance({ ...subject, versions: subject.versions, from: suitable }, at, {
    automatic: (candidates) => {
      // A patch of the same minor comes first, whatever the strategy.
      const patch = highestActive(candidates.filter(isPatch), at);
      if (patch !== undefined || strategy === "patch") return patch;
      return highestActive(strategy === "minor" ? candidates.filter(isSameMajor) : candidates, at);
    },
    forced: () => {
      switch (strategy) {
        case "patch":
          return highestOrExpired(
            nextGroup(
              newer.filter((one) => isSameMajor(one) && !isPatch(one)),
              sameMinor,
            ),
            at,
          );
        case "minor":
          return highestOrExpired(
            nextGroup(
              newer.filter((one) => !isSameMajor(one)),
              sameMajor,
            ),
            at,
          );
        case "major":
          return undefined;
      }
    },
  });
}

function maintenance(
  subject: Subject<OfferedVersion> & { readonly from?: readonly OfferedVersion[] },
  at: Date,
  choose: {
    automatic(newer: readonly OfferedVersion[]): OfferedVersion | undefined;
    forced(): OfferedVersion | undefined;
  },
): MaintenanceStep {
  const { current, versions, automatic, from = versions } = subject;
  const entry = find(versions, current);
  // A version that the profile knows no more counts as expired.
  const expired = entry === undefined || classify(entry, at) === "expired";
  if (!expired && !automatic) return undefined;
  const reason = expired ? "expired" : "automatic";
  const step = choose.automatic(from.filter(({ version }) => isNewer(version, current)));
  if (step !== undefined) return { to: step.version, reason };
  return expired ? { to: choose.forced()?.version, reason } : undefined;
}

/** The highest that is neither preview nor expired; a deprecated one only where there is no other. */
function highestActive(versions: readonly OfferedVersion[], at: Date): OfferedVersion | undefined {
  const active = released(versions, at).filter((version) => classify(version, at) !== "expired");
  return newest(active.filter((version) => classify(version, at) !== "deprecated")) ?? newest(active);
}

/** When forced, deprecated ones count as much as supported ones, and expired ones are better than none. */
function highestOrExpired(versions: readonly OfferedVersion[], at: Date): OfferedVersion | undefined {
  return newest(versions.filter((version) => classify(version, at) !== "expired")) ?? newest(versions);
}

function released(versions: readonly OfferedVersion[], at: Date): readonly OfferedVersion[] {
  return versions.filter(
    (version) => classify(version, at) !== "preview" && parseVersion(version.version) !== undefined,
  );
}

/** The versions of the lowest minor (or major) among these: none that exists is skipped. */
function nextGroup(
  versions: readonly OfferedVersion[],
  same: (a: string, b: string) => boolean,
): readonly OfferedVersion[] {
  const lowest = [...versions].sort((a, b) => compareVersions(a.version, b.version))[0];
  return lowest === undefined ? [] : versions.filter(({ version }) => same(version, lowest.version));
}
