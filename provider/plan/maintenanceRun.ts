/**
 * What one maintenance of Gardener does to a Shoot as a whole; follows
 * pkg/controllermanager/controller/shoot/maintenance/reconciler.go.
 */
import type { CloudProfile, MachineImage } from "../model/cloudprofile";
import type { AutomaticUpgradeKind, AutomaticUpgradeReason } from "../model/enums";
import type { LimitedField } from "../model/removals";
import { effectiveKubernetesVersion, type Shoot, type WorkerPool } from "../model/shoot";
import { find } from "./catalogue";
import { classify } from "./classification";
import { isBetween } from "./forbidden";
import { imageMaintenance, kubernetesMaintenance } from "./maintenance";
import { MOST_MINORS_BEHIND, poolsTooFarBehind } from "./skew";
import { maintainableVersions, unsuitableToStay } from "./suitability";
import { isNewer } from "./versions";

export interface MaintenanceChange {
  readonly kind: AutomaticUpgradeKind;
  readonly pool?: string;
  /** Name of the machine image. */
  readonly machineImage?: string;
  readonly from: string;
  /** Absent: maintenance finds no version. */
  readonly to?: string;
  readonly reason: AutomaticUpgradeReason;
  /** Parts of the spec that the new Kubernetes version does not have. */
  readonly removes: readonly string[];
}

export interface MaintenanceRun {
  readonly changes: readonly MaintenanceChange[];
  /** Why the API server refuses the changes; then none of them takes effect. */
  readonly refusal?: string;
}

export function maintenanceRun(shoot: Shoot, profile: CloudProfile, at: Date): MaintenanceRun {
  const images = imageChanges(shoot, profile, at);
  const controlPlane = controlPlaneChange(shoot, profile, at);
  const kubernetesVersion = controlPlane?.to ?? shoot.kubernetesVersion;
  const pools = shoot.workers.flatMap((pool) =>
    poolKubernetesChange(pool, shoot, kubernetesVersion, profile, at),
  );
  const changes = [...(controlPlane === undefined ? [] : [controlPlane]), ...pools, ...images];
  const refusal = changes.some(({ to }) => to !== undefined)
    ? refusalOf(changes, afterChanges(shoot, changes), profile, at)
    : undefined;
  return { changes, ...(refusal !== undefined && { refusal }) };
}

/** Images come first, so they have to suit the kubelets that run before. */
function imageChanges(shoot: Shoot, profile: CloudProfile, at: Date): readonly MaintenanceChange[] {
  const changes: MaintenanceChange[] = [];
  for (const pool of shoot.workers) {
    const { name, version: current } = pool.machineImage;
    const image = imageOf(pool, profile);
    // At an image or a machine type that it does not know, the controller ends its work on images.
    if (image === undefined || !profile.machineTypes.some(({ name: type }) => type === pool.machineType))
      break;
    const versions = maintainableVersions(pool, effectiveKubernetesVersion(shoot, pool), profile);
    const automatic = shoot.maintenance.autoUpdate.machineImageVersion;
    const choice = imageMaintenance({ current, versions, automatic }, image.updateStrategy, at);
    if (choice === undefined) continue;
    changes.push({
      kind: "machineImage",
      pool: pool.name,
      machineImage: name,
      from: current,
      ...choice,
      removes: [],
    });
  }
  return changes;
}

function controlPlaneChange(shoot: Shoot, profile: CloudProfile, at: Date): MaintenanceChange | undefined {
  const choice = kubernetesChoice(shoot.kubernetesVersion, shoot, profile, at);
  if (choice === undefined) return undefined;
  return {
    kind: "kubernetes",
    from: shoot.kubernetesVersion,
    ...choice,
    removes: removedBetween(shoot, undefined, shoot.kubernetesVersion, choice.to),
  };
}

/** Of a pool with a version of its own. */
function poolKubernetesChange(
  pool: WorkerPool,
  shoot: Shoot,
  controlPlane: string,
  profile: CloudProfile,
  at: Date,
): readonly MaintenanceChange[] {
  const { kubernetesVersion: current, name } = pool;
  if (current === undefined) return [];
  const choice = kubernetesChoice(current, shoot, profile, at);
  if (choice === undefined) return [];
  // A pool never gets a newer version than the control plane has after the maintenance.
  const to = choice.to !== undefined && isNewer(choice.to, controlPlane) ? controlPlane : choice.to;
  if (to !== undefined && !isNewer(to, current)) return [];
  const removes = removedBetween(shoot, name, current, to);
  return [
    {
      kind: "kubernetes",
      pool: name,
      from: current,
      reason: choice.reason,
      ...(to !== undefined && { to }),
      removes,
    },
  ];
}

function kubernetesChoice(current: string, shoot: Shoot, profile: CloudProfile, at: Date) {
  const automatic = shoot.maintenance.autoUpdate.kubernetesVersion;
  return kubernetesMaintenance({ current, versions: profile.kubernetesVersions, automatic }, at);
}

function removedBetween(
  shoot: Shoot,
  pool: string | undefined,
  from: string,
  to: string | undefined,
): readonly string[] {
  if (to === undefined) return [];
  return (shoot.limitedFields ?? [])
    .filter((field) => versionedBy(field, shoot) === pool && isBetween(field.removedIn, from, to))
    .map(({ path }) => path);
}

/** The pool whose own Kubernetes version decides about a field; undefined: the control plane's does. */
function versionedBy({ pool }: LimitedField, { workers }: Shoot): string | undefined {
  return workers.find(({ name, kubernetesVersion }) => name === pool && kubernetesVersion !== undefined)
    ?.name;
}

function afterChanges(shoot: Shoot, changes: readonly MaintenanceChange[]): Shoot {
  const targetOf = (kind: AutomaticUpgradeKind, pool?: string) =>
    changes.find((change) => change.kind === kind && change.pool === pool)?.to;
  return {
    ...shoot,
    kubernetesVersion: targetOf("kubernetes") ?? shoot.kubernetesVersion,
    workers: shoot.workers.map((pool) => ({
      ...pool,
      kubernetesVersion: targetOf("kubernetes", pool.name) ?? pool.kubernetesVersion,
      machineImage: {
        ...pool.machineImage,
        version: targetOf("machineImage", pool.name) ?? pool.machineImage.version,
      },
    })),
  };
}

/** Below every version. */
const FIRST = "1.0.0";

/** The controller sends all changes in one update: one that is not valid prevents all of them. */
function refusalOf(
  changes: readonly MaintenanceChange[],
  after: Shoot,
  profile: CloudProfile,
  at: Date,
): string | undefined {
  const [behind] = poolsTooFarBehind(after, after.kubernetesVersion);
  if (behind !== undefined) {
    return `worker pool ${behind.name} would be more than ${MOST_MINORS_BEHIND} minors behind the control plane`;
  }
  for (const field of after.limitedFields ?? []) {
    const kubernetes = after.workers.find(
      ({ name }) => name === versionedBy(field, after),
    )?.kubernetesVersion;
    const version = kubernetes ?? after.kubernetesVersion;
    const isRemoved = isBetween(field.removedIn, FIRST, version);
    if (!isRemoved && isBetween(field.refusedIn, FIRST, version)) {
      return `Kubernetes ${version} does not accept the value of ${field.path}`;
    }
  }
  for (const pool of after.workers) {
    const reason = imageRefusal(changes, pool, after, profile, at);
    const { name, version } = pool.machineImage;
    if (reason !== undefined) return `${name} ${version} of worker pool ${pool.name} ${reason}`;
  }
  return undefined;
}

function imageRefusal(
  changes: readonly MaintenanceChange[],
  pool: WorkerPool,
  after: Shoot,
  profile: CloudProfile,
  at: Date,
): string | undefined {
  const entry = find(imageOf(pool, profile)?.versions ?? [], pool.machineImage.version);
  if (entry === undefined) return undefined;
  const isNew = changes.some(
    ({ kind, pool: name, to }) => kind === "machineImage" && name === pool.name && to !== undefined,
  );
  // The choice does not leave out such versions, and admission does not accept them.
  if (isNew && classify(entry, at) === "unavailable") return "is not available yet";
  return unsuitableToStay(entry, pool, effectiveKubernetesVersion(after, pool), profile);
}

function imageOf({ machineImage }: WorkerPool, profile: CloudProfile): MachineImage | undefined {
  return profile.machineImages.find(({ name }) => name === machineImage.name);
}
