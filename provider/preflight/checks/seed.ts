/** What Gardener supports for Seeds: docs/usage/shoot-operations/supported_k8s_versions.md of each release. */
import type { Finding } from "../../model/preflight";
import { minorOf } from "../../plan";
import { mayDeadlock, seedSupport } from "../managedSeed";
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
  const support = seedSupport(shoot, work);
  return [
    ...(support.kind === "exceeded"
      ? finding(tooNew, work, {
          object,
          found: "it is a ManagedSeed",
          why: `Gardener supports Seeds up to Kubernetes ${support.newest} since its release ${support.since} (this is ${shoot.gardenerVersion ?? ""}), and not yet ${minorOf(kubernetesVersion)}`,
          action: `stay on ${support.newest} until your Gardener supports a later one for Seeds`,
        })
      : []),
    ...(mayDeadlock(work)
      ? finding(deadlock, work, {
          object,
          found: `it is a ManagedSeed, and ${kubernetesVersion} has the feature gate MaxUnavailableStatefulSet`,
          why: "rolling updates of StatefulSets in its control planes may deadlock while readiness probes fail",
          action:
            "declare 1.35.4 or newer, or disable the feature gate in kubeControllerManager and waive this",
        })
      : []),
  ];
}

export function seedNotVisible({ work, shoot, managedSeed }: Inspected): readonly string[] {
  if (managedSeed?.kind === "notVisible") return [managedSeed.reason];
  const support = seedSupport(shoot, work);
  return managedSeed?.isSeed === true && support.kind === "unknown" ? [support.reason] : [];
}
