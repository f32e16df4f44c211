/** Rules for the concrete versions that a Shoot is to run, as the resource in the stack has them. */
import type { GetUpgradesResult, Target, VersionStatus } from "pulumi-gardener";

const DAY_MS = 86_400_000;

/** Preview versions among them, in words. */
export function previewVersions(target: Target, upgrades: GetUpgradesResult): string[] {
  return known(target, upgrades).flatMap(({ what, status }) =>
    status.classification === "preview"
      ? [`${what} ${status.version} is a preview; production clusters run supported versions.`]
      : [],
  );
}

/** Versions among them that expire within that many days, in words. */
export function expiringVersions(
  target: Target,
  upgrades: GetUpgradesResult,
  days: number,
  now: Date,
): string[] {
  return known(target, upgrades).flatMap(({ what, status: { version, expires } }) => {
    if (expires === undefined || new Date(expires).getTime() - now.getTime() > days * DAY_MS) return [];
    return [
      `${what} ${version} expires on ${expires.slice(0, 10)}, within ${days} days; declare a newer version.`,
    ];
  });
}

interface Known {
  /** `Kubernetes`, `gardenlinux of pool-a`. */
  readonly what: string;
  readonly status: VersionStatus;
}

/** Those whose lifecycle is known: what runs, and what one step away is offered. */
function known({ kubernetesVersion, workers }: Target, upgrades: GetUpgradesResult): readonly Known[] {
  const { current, patches, minors } = upgrades.kubernetes;
  const controlPlane = [current, ...minors, ...patches].find(({ version }) => version === kubernetesVersion);
  const pools = Object.entries(upgrades.workers).flatMap(([name, { machineImage }]) => {
    const version = workers[name]?.machineImage.version;
    const status = [machineImage.current, ...machineImage.available].find((one) => one.version === version);
    return status === undefined ? [] : [{ what: `${machineImage.name} of ${name}`, status }];
  });
  return [...(controlPlane === undefined ? [] : [{ what: "Kubernetes", status: controlPlane }]), ...pools];
}
