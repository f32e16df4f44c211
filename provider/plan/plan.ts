/** From a declaration to concrete targets and the pending steps; or to all problems that prevent it. */
import type { GardenCapabilities } from "../model/capabilities";
import type { CloudProfile } from "../model/cloudprofile";
import type { Declaration } from "../model/declaration";
import { appliesSpec, isInProgress, isObserved } from "../model/operation";
import { nearest } from "../model/near";
import { UNMANAGED, type PlanResult, type WorkerVersions, type Target } from "../model/plan";
import type { Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { resolveImages } from "./images";
import { kubernetesProperty, resolveKubernetes } from "./kubernetes";
import { notices } from "./notices";
import { pending } from "./pending";
import { hibernationProblem, deletion } from "./readiness";
import { MOST_MINORS_BEHIND, poolsTooFarBehind } from "./skew";
import { splitForGarden } from "./steps";
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

  const kubernetes = resolveKubernetes(declaration, shoot, profile, now, capabilities);
  const controlPlane = kubernetes.version === UNMANAGED ? shoot.kubernetesVersion : kubernetes.version;
  const images = resolveImages(
    declaration,
    shoot,
    profile,
    now,
    controlPlane,
    kubernetesProperty(declaration),
  );
  const found = [
    ...unknownPools(declaration, shoot),
    ...kubernetes.problems,
    ...skew(declaration, shoot, controlPlane),
    ...images.problems,
  ];
  const errors = found.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return { kind: "refused", problems: errors };

  const target = targetOf(shoot, kubernetes.version, images.versions);
  const steps = splitForGarden(pending(target, shoot), capabilities);
  const hibernated = hibernationProblem(shoot, steps, kubernetesProperty(declaration));
  if (hibernated.length > 0) return { kind: "refused", problems: hibernated };
  return {
    kind: "plan",
    plan: {
      target,
      steps,
      inFlight: steps.length === 0 && isReconciling(shoot),
      // When they are read: the program plans for the target alone, and the forecast in them costs most of a plan.
      get notices() {
        return notices({ shoot, profile, now, steps, resolution: found, capabilities });
      },
    },
  };
}

function targetOf(shoot: Shoot, kubernetesVersion: string, images: ReadonlyMap<string, string>): Target {
  const managed = kubernetesVersion !== UNMANAGED;
  const pools = shoot.workers.map((pool): [string, WorkerVersions] => [
    pool.name,
    {
      // A pinned pool stays where it is.
      kubernetesVersion: managed ? (pool.kubernetesVersion ?? kubernetesVersion) : UNMANAGED,
      machineImage: { name: pool.machineImage.name, version: images.get(pool.name) ?? UNMANAGED },
    },
  ]);
  return { kubernetesVersion, workers: Object.fromEntries(pools) };
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
  return poolsTooFarBehind(shoot, controlPlane).map(({ name, kubernetesVersion: pin }) => ({
    code: "GU036",
    severity: "error",
    property: kubernetesProperty(declaration),
    message:
      `${shootId(shoot.ref)}: worker pool ${name} is pinned to Kubernetes ${pin}, which would be more than ` +
      `${MOST_MINORS_BEHIND} minors behind ${controlPlane}; raise spec.provider.workers[].kubernetes.version of the pool first.`,
  }));
}
