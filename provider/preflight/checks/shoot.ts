/**
 * The Shoot itself. Conditions, constraints and the last operation are those that the plan reports as readiness; the rules
 * for worker pools and versions follow docs/usage/shoot-operations/shoot_updates.md and Kubernetes' version skew policy.
 */
import { minorOf, minorsBetween, mostMinorsAccepted, readiness, tooFarBehind } from "../../plan";
import type { FindingSeverity } from "../../model/enums";
import type { Finding, FoundObject } from "../../model/preflight";
import { shootId, type Shoot, type WorkerPool } from "../../model/shoot";
import type { Problem } from "../../model/problem";
import { count } from "../../model/text";
import { foundObject } from "../objects/metadata";
import { hidden, itemsOf } from "../objects/listed";
import { finding, type Rule } from "../rule";
import type { Check, Inspected } from "./check";
import { networkFindings } from "./network";

const check = "shoot";
/** What the plan's own messages say as well. */
export const READINESS = "readiness";
const kubeletSkew: Rule = {
  check,
  name: "kubeletSkew",
  severity: { nodeRoll: "block", controlPlane: "block", patch: "warn" },
};
const noSurge: Rule = { check, name: "noSurge", severity: { nodeRoll: "warn" } };
const managedSeed: Rule = {
  check,
  name: "managedSeed",
  severity: { nodeRoll: "warn", controlPlane: "warn" },
};

export const shootItself: Check = (inspected) => ({
  findings: [
    ...readiness(inspected.shoot).flatMap((problem) => ofReadiness(problem, inspected)),
    ...skew(inspected),
    ...surge(inspected),
    ...networkFindings(inspected),
    ...seed(inspected),
  ],
  notVisible: hidden(inspected.objects.nodes),
});

const severities: Readonly<Record<Problem["severity"], FindingSeverity>> = {
  error: "block",
  warning: "warn",
  info: "info",
};

function ofReadiness({ severity, code, message }: Problem, { work, shoot }: Inspected): readonly Finding[] {
  const level = severities[severity];
  const rule: Rule = {
    check,
    name: READINESS,
    severity: { nodeRoll: level, controlPlane: level, patch: level },
  };
  const prefix = `${shootId(shoot.ref)}: `;
  return finding(rule, work, {
    object: shootObject(shoot),
    // The text without what changes from run to run.
    part: `${code} ${message.replace(/\d+/g, "").slice(0, 80)}`,
    found: (message.startsWith(prefix) ? message.slice(prefix.length) : message).replace(/\.$/, ""),
    why: "a minor upgrade starts only when operation and conditions are healthy",
    action: "wait, or fix what is reported",
  });
}

function skew({ work, shoot, objects }: Inspected): readonly Finding[] {
  const most = mostMinorsAccepted(shoot);
  // A kubelet that has just registered has not reported its version yet.
  const staying = itemsOf(objects.nodes).filter(
    ({ kubeletVersion, pool }) => kubeletVersion !== "" && pool !== undefined && !work.drained.has(pool),
  );
  const old = tooFarBehind(staying, work.kubernetesVersion, most);
  if (old.length === 0) return [];
  const versions = [...new Set(old.map(({ kubeletVersion }) => minorOf(kubeletVersion)))].sort();
  return finding(kubeletSkew, work, {
    object: shootObject(shoot),
    related: old.map((node) => foundObject("Node", node)),
    found: `kubelets of ${count(old.length, "node")} run ${versions.join(", ")}`,
    why: `an API server of ${minorOf(work.kubernetesVersion)} supports kubelets that are up to ${most} minors older`,
    action: "upgrade the worker pools of these nodes first",
  });
}

function surge({ work, shoot }: Inspected): readonly Finding[] {
  return shoot.workers
    .filter(
      (pool) =>
        work.drained.has(pool.name) && pool.updateStrategy === "AutoRollingUpdate" && isZero(pool.maxSurge),
    )
    .flatMap((pool) =>
      finding(noSurge, work, {
        object: shootObject(shoot),
        part: pool.name,
        found: `worker pool ${pool.name} has maxSurge ${pool.maxSurge}`,
        why: `its nodes are drained before there are new ones: ${consequence(pool)}`,
        action: "set maxSurge to 1, unless the cloud has no room for another machine",
      }),
    );
}

function consequence({ minimum, maximum }: WorkerPool): string {
  return maximum <= 1 || minimum <= 1
    ? "its pods may have no node meanwhile"
    : "its pods must fit on the nodes that are left";
}

/** Seeds are supported up to an older minor than Shoots (docs/usage/shoot-operations/supported_k8s_versions.md, v1.150). */
const NEWEST_SEED_MINOR = "1.35";

/** Whether a Shoot is a ManagedSeed is not visible in it; in the namespace garden hardly any is something else. */
function seed({ work, shoot }: Inspected): readonly Finding[] {
  const { kubernetesVersion } = work;
  if (shoot.ref.namespace !== "garden" || minorsBetween(NEWEST_SEED_MINOR, kubernetesVersion) <= 0) return [];
  return finding(managedSeed, work, {
    object: shootObject(shoot),
    found: "it is in the namespace garden, as the Seeds of the garden are",
    why: `Gardener supports Seeds up to Kubernetes ${NEWEST_SEED_MINOR}, and not ${minorOf(kubernetesVersion)}`,
    action: "if it is a ManagedSeed, stay on a minor that Gardener supports for Seeds",
  });
}

function isZero(surgeOrShare: number | string): boolean {
  return Number.parseInt(String(surgeOrShare), 10) === 0;
}

function shootObject({ ref }: Shoot): FoundObject {
  return { kind: "Shoot", name: shootId(ref) };
}
