/**
 * The Shoot itself. Conditions, constraints and the last operation are those that the plan reports as readiness; the rules
 * for worker pools and versions follow docs/usage/shoot-operations/shoot_updates.md and Kubernetes' version skew policy.
 */
import { atATime, minorOf, mostMinorsAccepted, readiness, surgeOf, tooFarBehind } from "../../plan";
import type { FindingSeverity } from "../../model/enums";
import type { Finding } from "../../model/preflight";
import { shootId, type WorkerPool } from "../../model/shoot";
import type { Problem } from "../../model/problem";
import { count } from "../../model/text";
import { foundObject, shootObject } from "../objects/metadata";
import { hidden, itemsOf } from "../objects/listed";
import { finding, type Rule } from "../rule";
import type { Check, Inspected } from "./check";
import { networkFindings } from "./network";
import { seedFindings, seedNotVisible } from "./seed";

const check = "shoot";
/** What the plan's own messages say as well. */
export const READINESS = "readiness";
const kubeletSkew: Rule = {
  check,
  name: "kubeletSkew",
  severity: { nodeRoll: "block", controlPlane: "block", patch: "warn" },
};
const noSurge: Rule = { check, name: "noSurge", severity: { nodeRoll: "warn" } };
const wholePool: Rule = { check, name: "wholePoolAtOnce", severity: { nodeRoll: "warn" } };

export const shootItself: Check = (inspected) => ({
  findings: [
    ...readiness(inspected.shoot).flatMap((problem) => ofReadiness(problem, inspected)),
    ...skew(inspected),
    ...surge(inspected),
    ...networkFindings(inspected),
    ...seedFindings(inspected),
  ],
  notVisible: [...hidden(inspected.objects.nodes), ...seedNotVisible(inspected)],
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
  const staying = itemsOf(objects.nodes).filter(({ pool }) => pool !== undefined && !work.drained.has(pool));
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

function surge(inspected: Inspected): readonly Finding[] {
  const { work, shoot } = inspected;
  return shoot.workers
    .filter(({ name, updateStrategy }) => work.drained.has(name) && updateStrategy === "AutoRollingUpdate")
    .flatMap((pool) => [...withoutSurge(pool, inspected), ...allAtOnce(pool, inspected)]);
}

function withoutSurge(pool: WorkerPool, { work, shoot }: Inspected): readonly Finding[] {
  if (surgeOf(pool) > 0) return [];
  return finding(noSurge, work, {
    object: shootObject(shoot),
    part: pool.name,
    found: `worker pool ${pool.name} has maxSurge ${pool.maxSurge}`,
    why: `its nodes are drained before there are new ones: ${consequence(pool)}`,
    action: "set maxSurge to 1, unless the cloud has no room for another machine",
  });
}

/** Of several nodes that the pool may have. */
function allAtOnce(pool: WorkerPool, { work, shoot }: Inspected): readonly Finding[] {
  const number = atATime(pool);
  if (pool.maximum < 2 || number < pool.maximum) return [];
  return finding(wholePool, work, {
    object: shootObject(shoot),
    part: pool.name,
    found: `worker pool ${pool.name} replaces up to ${number} nodes at a time (maxSurge ${pool.maxSurge}, maxUnavailable ${pool.maxUnavailable}) and has at most ${pool.maximum}`,
    why: "all of its nodes are drained at the same time, and all pods on them start anew",
    action: "reduce maxSurge and maxUnavailable",
  });
}

function consequence({ minimum, maximum }: WorkerPool): string {
  return maximum <= 1 || minimum <= 1
    ? "its pods may have no node meanwhile"
    : "its pods must fit on the nodes that are left";
}
