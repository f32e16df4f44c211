/** Targets against the versions of a Shoot's spec. */
import { entryOf } from "../model/json";
import { isManaged, UNMANAGED, type Target, type WorkerVersions } from "../model/plan";
import { effectiveKubernetesVersion, type Shoot } from "../model/shoot";
import { isNewer } from "./versions";

/** The versions that the Shoot's spec asks for, of the control plane and of every pool. */
export function specVersions(shoot: Shoot): Target {
  const pools = shoot.workers.map((pool): [string, WorkerVersions] => {
    const { name, version } = pool.machineImage;
    return [
      pool.name,
      {
        kubernetesVersion: effectiveKubernetesVersion(shoot, pool),
        machineImage: { name, version },
      },
    ];
  });
  return { kubernetesVersion: shoot.kubernetesVersion, workers: Object.fromEntries(pools) };
}

/** The versions, `"unmanaged"` where the target manages none. */
export function managedVersions(versions: Target, target: Target): Target {
  const managed = (targeted: string | undefined, version: string) =>
    targeted === UNMANAGED ? UNMANAGED : version;
  const pools = Object.entries(versions.workers).map(([name, pool]): [string, WorkerVersions] => {
    const targeted = entryOf(target.workers, name);
    const { name: image, version } = pool.machineImage;
    return [
      name,
      {
        kubernetesVersion: managed(targeted?.kubernetesVersion, pool.kubernetesVersion),
        machineImage: { name: image, version: managed(targeted?.machineImage.version, version) },
      },
    ];
  });
  return {
    kubernetesVersion: managed(target.kubernetesVersion, versions.kubernetesVersion),
    workers: Object.fromEntries(pools),
  };
}

/** The target's versions, and the others where it manages none or another image. */
export function fillUnmanaged(target: Target, versions: Target): Target {
  const either = (targeted: string | undefined, version: string) =>
    targeted === undefined || targeted === UNMANAGED ? version : targeted;
  const pools = Object.entries(versions.workers).map(([name, pool]): [string, WorkerVersions] => {
    const targeted = entryOf(target.workers, name);
    const { name: image, version } = pool.machineImage;
    const sameImage = targeted?.machineImage.name === image ? targeted.machineImage : undefined;
    return [
      name,
      {
        kubernetesVersion: either(targeted?.kubernetesVersion, pool.kubernetesVersion),
        machineImage: { name: image, version: either(sameImage?.version, version) },
      },
    ];
  });
  return {
    kubernetesVersion: either(target.kubernetesVersion, versions.kubernetesVersion),
    workers: Object.fromEntries(pools),
  };
}

/** Fields of the Shoot whose versions differ, parts that are not managed left out. */
export function changedFields(before: Target, now: Target): string[] {
  const differ = (a: string | undefined, b: string) => a !== undefined && isManaged(a) && a !== b;
  const pools = Object.entries(now.workers).flatMap(([name, pool]) => {
    const version = entryOf(before.workers, name)?.machineImage.version;
    return differ(version, pool.machineImage.version)
      ? [`spec.provider.workers[${name}].machine.image.version`]
      : [];
  });
  return differ(before.kubernetesVersion, now.kubernetesVersion)
    ? ["spec.kubernetes.version", ...pools]
    : pools;
}

/** A machine image went down, which no rollout does unless it is allowed to. */
export function hasLowerImage(now: Target, before: Target): boolean {
  return Object.entries(now.workers).some(([name, { machineImage }]) => {
    const known = entryOf(before.workers, name)?.machineImage;
    return known?.name === machineImage.name && isNewer(known.version, machineImage.version);
  });
}

/** Whether all versions of all worker pools are managed. */
export function managesPools({ workers }: Target): boolean {
  return Object.values(workers).every(
    ({ kubernetesVersion, machineImage }) => isManaged(kubernetesVersion) && isManaged(machineImage.version),
  );
}

export function sameTarget(a: Target, b: Target): boolean {
  const names = Object.keys(a.workers);
  return (
    a.kubernetesVersion === b.kubernetesVersion &&
    names.length === Object.keys(b.workers).length &&
    names.every((name) => {
      const [left, right] = [entryOf(a.workers, name), entryOf(b.workers, name)];
      return (
        left?.kubernetesVersion === right?.kubernetesVersion &&
        left?.machineImage.name === right?.machineImage.name &&
        left?.machineImage.version === right?.machineImage.version
      );
    })
  );
}

/** No managed version is below the target. */
export function reaches(versions: Target, target: Target): boolean {
  const below = (version: string | undefined, floor: string) =>
    floor !== UNMANAGED && (version === undefined || isNewer(floor, version));
  return (
    !below(versions.kubernetesVersion, target.kubernetesVersion) &&
    Object.entries(target.workers).every(([name, { kubernetesVersion, machineImage }]) => {
      const pool = entryOf(versions.workers, name);
      const sameImage = pool?.machineImage.name === machineImage.name;
      return (
        !below(pool?.kubernetesVersion, kubernetesVersion) &&
        !below(sameImage ? pool.machineImage.version : undefined, machineImage.version)
      );
    })
  );
}

/** The versions of the spec, or the verified ones where these are managed and newer. */
export function notBelow(verified: Target, spec: Target, target: Target): Target {
  const newer = (managed: string | undefined, version: string | undefined, inSpec: string) =>
    managed !== undefined && managed !== UNMANAGED && version !== undefined && isNewer(version, inSpec)
      ? version
      : inSpec;
  const pools = Object.entries(spec.workers).map(([name, pool]): [string, WorkerVersions] => {
    const [managed, known] = [entryOf(target.workers, name), entryOf(verified.workers, name)];
    const { name: image, version } = pool.machineImage;
    const sameImage = known?.machineImage.name === image;
    return [
      name,
      {
        kubernetesVersion: newer(
          managed?.kubernetesVersion,
          known?.kubernetesVersion,
          pool.kubernetesVersion,
        ),
        machineImage: {
          name: image,
          version: sameImage
            ? newer(managed?.machineImage.version, known.machineImage.version, version)
            : version,
        },
      },
    ];
  });
  return {
    kubernetesVersion: newer(target.kubernetesVersion, verified.kubernetesVersion, spec.kubernetesVersion),
    workers: Object.fromEntries(pools),
  };
}
