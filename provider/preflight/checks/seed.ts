/** What Gardener supports for Seeds: docs/usage/shoot-operations/supported_k8s_versions.md, v1.150. */
import type { Finding } from "../../model/preflight";
import { minorOf } from "../../plan";
import { exceedsSeeds, mayDeadlock, NEWEST_SEED_MINOR } from "../managedSeed";
import { shootObject } from "../objects/metadata";
import { finding, type Rule } from "../rule";
import type { Inspected } from "./check";

const severity = { nodeRoll: "warn", controlPlane: "warn" } as const;
const tooNew: Rule = { check: "shoot", name: "managedSeed", severity };
const deadlock: Rule = {
  check: "shoot",
  name: "managedSeedDeadlock",
  severity: { ...severity, patch: "warn" },
};

export function seedFindings({ work, shoot, managedSeed }: Inspected): readonly Finding[] {
  if (managedSeed?.kind !== "known" || !managedSeed.isSeed) return [];
  const object = shootObject(shoot);
  const { kubernetesVersion } = work;
  return [
    ...(exceedsSeeds(work)
      ? finding(tooNew, work, {
          object,
          found: "it is a ManagedSeed",
          why: `Gardener 1.150 supports Seeds up to Kubernetes ${NEWEST_SEED_MINOR}, and not ${minorOf(kubernetesVersion)}`,
          action: "check what your release of Gardener supports for Seeds, and stay on such a minor",
        })
      : []),
    ...(mayDeadlock(work)
      ? finding(deadlock, work, {
          object,
          found: `it is a ManagedSeed, and ${kubernetesVersion} has the feature gate MaxUnavailableStatefulSet`,
          why: "rolling updates of StatefulSets in its control planes may deadlock while readiness probes fail",
          action: "declare 1.35.4 or newer, or disable the feature gate in kubeControllerManager",
        })
      : []),
  ];
}

export function seedNotVisible({ managedSeed }: Inspected): readonly string[] {
  return managedSeed?.kind === "notVisible" ? [managedSeed.reason] : [];
}
