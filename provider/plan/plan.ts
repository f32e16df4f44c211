/** From a declaration to concrete targets and the pending steps; or to all problems that prevent it. */
import type { GardenCapabilities } from "../model/capabilities";
import type { CloudProfile } from "../model/cloudprofile";
import type { Declaration } from "../model/declaration";
import { appliesSpec, isInProgress, isObserved } from "../model/operation";
import { lazy } from "../model/lazy";
import { nearest } from "../model/near";
import {
  UNMANAGED,
  type PlanResult,
  type ResolvedTarget,
  type Route,
  type WorkerVersions,
} from "../model/plan";
import type { Problem } from "../model/problem";
import { shootId, type Shoot, type WorkerPool } from "../model/shoot";
import { offers } from "./availability";
import { afterSteps } from "./change";
import { outOfOrder } from "./disorder";
import { forbiddenFields } from "./forbidden";
import { heldBackPools } from "./heldBack";
import type { Reaches } from "./between";
import { resolveImages, type ImageResolution } from "./images";
import { kubernetesProperty, resolveKubernetes } from "./kubernetes";
import { notices } from "./notices";
import { noWay } from "./noWay";
import { hibernationProblem, deletion } from "./readiness";
import { limitMinors } from "./run";
import { stepsTo } from "./sequence";
import { mostMinorsBehind, pinsTooFarBehind } from "./skew";
import { isNewer } from "./versions";

export function plan(
  declaration: Declaration,
  shoot: Shoot,
  profile: CloudProfile,
  now: Date,
  capabilities: GardenCapabilities,
): PlanResult {
  const deleted = deletion(shoot);
  if (deleted.length > 0) return { kind: "refused", problems: deleted };

  const kubernetes = resolveKubernetes(declaration, shoot, profile, now);
  const controlPlane = kubernetes.version === UNMANAGED ? shoot.kubernetesVersion : kubernetes.version;
  const property = kubernetesProperty(declaration);
  const route: Route = {
    versions: kubernetes.way ?? [],
    mostMinorsBehind: mostMinorsBehind(shoot),
    workers: declaration.rollout.workers ?? "holdBack",
    orders: ordersOf(declaration),
    profile,
  };
  const reaches: Reaches = (pool, image) => {
    const alone = { ...shoot, workers: [pool] };
    const versions = new Map([[pool.name, image]]);
    const goesDown = isNewer(pool.machineImage.version, image);
    const target = targetOf(alone, kubernetes.version, { versions, downgrades: goesDown ? [pool.name] : [] });
    return stepsTo(target, alone, route, capabilities).kind === "steps";
  };
  const images = resolveImages(declaration, shoot, profile, now, controlPlane, property, reaches);
  const found = [
    ...unknownPools(declaration, shoot),
    ...kubernetes.problems,
    ...skew(declaration, shoot, controlPlane),
    ...images.problems,
  ];
  const errors = found.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return { kind: "refused", problems: errors };

  const target = targetOf(shoot, kubernetes.version, images);
  const sequence = stepsTo(target, shoot, route, capabilities);
  if (sequence.kind === "blocked") {
    const everyMinor = route.workers === "everyMinor" && capabilities.poolKubernetesVersions;
    return { kind: "refused", problems: noWay(sequence, { shoot, now, property, everyMinor, reaches }) };
  }
  const { steps, later } = limitMinors(sequence.steps, declaration.rollout.maxMinors);
  const obstacles = [
    ...hibernationProblem(shoot, sequence.steps, property),
    ...forbiddenFields(shoot, sequence.steps, property),
  ];
  if (obstacles.length > 0) return { kind: "refused", problems: obstacles };
  // Computed when they are read: the program plans for the target alone, and the forecast costs most of a plan.
  const toKnow = lazy(() => {
    const { disorders } = sequence;
    const resolution = [...found, ...outOfOrder(disorders, sequence.steps, shoot, route, capabilities)];
    return notices({ shoot, profile, now, steps, later, target, resolution, capabilities });
  });
  const offered = lazy(() => offers(afterSteps(shoot, sequence.steps), profile, now));
  return {
    kind: "plan",
    plan: {
      target,
      steps,
      later,
      route,
      inFlight: steps.length === 0 && isReconciling(shoot),
      get notices() {
        return toKnow();
      },
      get offers() {
        return offered();
      },
    },
  };
}

function ordersOf({ workers }: Declaration): Route["orders"] {
  return Object.fromEntries(
    Object.entries(workers).flatMap(([name, { order }]) => (order === undefined ? [] : [[name, order]])),
  );
}

function targetOf(
  shoot: Shoot,
  kubernetesVersion: string,
  { versions, downgrades }: Pick<ImageResolution, "versions" | "downgrades">,
): ResolvedTarget {
  const managed = kubernetesVersion !== UNMANAGED;
  const heldBack = heldBackPools(shoot);
  const pools = shoot.workers.map((pool): [string, WorkerVersions] => [
    pool.name,
    {
      kubernetesVersion: managed ? ownVersion(pool, heldBack, kubernetesVersion) : UNMANAGED,
      machineImage: { name: pool.machineImage.name, version: versions.get(pool.name) ?? UNMANAGED },
    },
  ]);
  const target = { kubernetesVersion, workers: Object.fromEntries(pools) };
  return downgrades.length === 0 ? target : { ...target, downgrades };
}

/** A pool that a user has pinned stays where it is. */
function ownVersion(
  { name, kubernetesVersion: pin }: WorkerPool,
  heldBack: ReadonlyMap<string, string>,
  kubernetesVersion: string,
): string {
  return pin === undefined || heldBack.has(name) ? kubernetesVersion : pin;
}

/**
 * Gardener has not observed the last change, or reconciles the Shoot. The Shoot alone does not distinguish the rest of
 * our own rollout, resumed after an interruption, from an ordinary nightly reconcile: the generation is observed and the
 * spec is the same in both. This is true for both; the lifecycle, whose state records that the versions were reached
 * before, does not wait then. Not for Failed: Gardener does not retry.
 */
function isReconciling(shoot: Shoot): boolean {
  return !isObserved(shoot) || (appliesSpec(shoot) && isInProgress(shoot));
}

function unknownPools(declaration: Declaration, shoot: Shoot): readonly Problem[] {
  const pools = shoot.workers.map(({ name }) => name);
  return Object.keys(declaration.workers)
    .filter((name) => !pools.includes(name))
    .map((name) => {
      const near = nearest(name, pools);
      const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
      const message = `${shootId(shoot.ref)} has no worker pool "${name}".${hint} It has: ${pools.join(", ") || "none"}.`;
      return { code: "GU027", severity: "error", property: `workers["${name}"]`, message };
    });
}

function skew(declaration: Declaration, shoot: Shoot, controlPlane: string): readonly Problem[] {
  if (!isNewer(controlPlane, shoot.kubernetesVersion)) return [];
  const { pools, most } = pinsTooFarBehind(shoot, controlPlane);
  return pools.map(({ name, kubernetesVersion: pin }) => ({
    code: "GU036",
    severity: "error",
    property: kubernetesProperty(declaration),
    message:
      `${shootId(shoot.ref)}: worker pool ${name} is pinned to Kubernetes ${pin}, which would be more than ` +
      `${most} minors behind ${controlPlane}; raise spec.provider.workers[].kubernetes.version of the pool first.`,
  }));
}
