/** All checks of a Shoot before a rollout. Reads only; nothing is written, and no Secret is read. */
import type { Garden, ShootCluster } from "../garden/garden";
import { PreflightCheck, PreflightOutcome, type Access } from "../model/enums";
import { isHibernated } from "../model/operation";
import type { CheckResult, PreflightResult } from "../model/preflight";
import { UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { apiServices } from "./checks/apiService";
import type { Check, Inspected } from "./checks/check";
import { crds } from "./checks/crd";
import { drain } from "./checks/drain";
import { podDisruptionBudgets } from "./checks/podDisruptionBudget";
import { removedApis } from "./checks/removedApi";
import { shootItself } from "./checks/shoot";
import { webhooks } from "./checks/webhook";
import { readManagedSeed } from "./managedSeed";
import { noObjects, readObjects } from "./read";
import type { Work } from "./work";

const checks: Readonly<Record<PreflightCheck, Check>> = {
  podDisruptionBudget: podDisruptionBudgets,
  drain,
  webhook: webhooks,
  crd: crds,
  apiService: apiServices,
  removedApi: removedApis,
  shoot: shootItself,
};

/** For all reads together. */
const READ_MS = 60_000;

export async function runPreflight(
  garden: Garden,
  shoot: Shoot,
  work: Work,
  { access, now }: { readonly access: Access; readonly now: Date },
): Promise<PreflightResult> {
  const cluster = await openCluster(garden, shoot, access);
  const signal = AbortSignal.timeout(READ_MS);
  const [objects, managedSeed] = await Promise.all([
    typeof cluster === "string"
      ? noObjects(cluster)
      : readObjects(cluster, work, { metrics: access === "admin", signal }),
    readManagedSeed(garden, shoot, work),
  ]);
  return inspect({ work, shoot, objects, managedSeed, now });
}

/** The pure part. */
export function inspect(inspected: Inspected): PreflightResult {
  const results = Object.values(PreflightCheck).map((check) => {
    const { findings, notVisible } = checks[check](inspected);
    return {
      findings,
      result: { check, outcome: outcomeOf(findings.length, notVisible), notVisible: [...notVisible] },
    };
  });
  return {
    checks: results.map(({ result }): CheckResult => result),
    findings: results.flatMap(({ findings }) => findings),
  };
}

function outcomeOf(findings: number, notVisible: readonly string[]): PreflightOutcome {
  if (findings > 0) return PreflightOutcome.Found;
  return notVisible.length > 0 ? PreflightOutcome.NotVisible : PreflightOutcome.Passed;
}

/** Why the Shoot's own API cannot be read, instead of it. */
export async function openCluster(
  garden: Garden,
  shoot: Shoot,
  access: Access,
): Promise<ShootCluster | string> {
  if (isHibernated(shoot)) return "the Shoot is hibernated";
  if (access === "viewer" && !garden.capabilities.viewerKubeconfig) {
    return 'this garden issues kubeconfigs for administrators only; with preflight: { access: "admin" } one is used, for reading alone';
  }
  try {
    return (await garden.openCluster(shoot, access)) ?? "the Shoot has no API at the moment";
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
