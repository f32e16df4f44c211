/** What a maintenance does to a Shoot: as the product forecasts it, and as the real controller has done it. */
import type { Shoot } from "../../provider/model/shoot";
import type { AutomaticUpgrade } from "../../provider/model/upgrades";
import type { Body } from "../contract/api";

export interface Outcome {
  /** By subject: `control plane`, `pool a` (its Kubernetes version), `image of a`. */
  readonly versions: Readonly<Record<string, string>>;
  /** By subject, of what maintenance changes or fails to change. */
  readonly causes: Readonly<Record<string, string>>;
  /** Parts of the spec that go, in order. */
  readonly removes: readonly string[];
  /** The API server refuses the maintenance as a whole. */
  readonly refused: boolean;
}

const DAY_MS = 86_400_000;

/** The part of a forecast that belongs to the next maintenance. */
export function forecastOutcome(shoot: Shoot, forecast: readonly AutomaticUpgrade[], now: Date): Outcome {
  const next = forecast.filter(({ notBefore }) => Date.parse(notBefore) - now.getTime() < 2 * DAY_MS);
  const versions = versionsOf(shoot);
  const causes: Record<string, string> = {};
  const refused = next.some(({ refusal }) => refusal !== undefined);
  // The controller reports no causes then.
  if (refused) return { versions, causes, removes: [], refused };
  for (const upgrade of next) {
    const subject = subjectOf(upgrade);
    causes[subject] = upgrade.reason;
    if (upgrade.to !== undefined) versions[subject] = upgrade.to;
  }
  return { versions, causes, removes: next.flatMap(({ removes }) => removes).sort(), refused };
}

export function actualOutcome(before: Shoot, after: Shoot, body: Body): Outcome {
  const description = body.text("status", "lastMaintenance", "description");
  const left = pathsOf(after);
  return {
    versions: versionsOf(after),
    causes: causesOf(description, before, after),
    removes: pathsOf(before).filter((path) => !left.includes(path)),
    refused: description === "Maintenance failed",
  };
}

function pathsOf({ limitedFields = [] }: Shoot): readonly string[] {
  return limitedFields.map(({ path }) => path).sort();
}

function subjectOf({ kind, pool }: AutomaticUpgrade): string {
  if (pool === undefined) return "control plane";
  return kind === "kubernetes" ? `pool ${pool}` : `image of ${pool}`;
}

function versionsOf(shoot: Shoot): Record<string, string> {
  return {
    "control plane": shoot.kubernetesVersion,
    ...Object.fromEntries(
      shoot.workers.flatMap(({ name, kubernetesVersion = "none", machineImage }) => [
        [`pool ${name}`, kubernetesVersion],
        [`image of ${name}`, machineImage.version],
      ]),
    ),
  };
}

/** The controller reports one sentence for each subject, in any order. */
const SENTENCE =
  /(Control Plane|Worker pool "([^"]+)"): ((?:Updated|Kubernetes|machine|failed).*?)\. Reason(?: for update)?: (.*?)(?=, (?:Worker pool|Control Plane|\.spec|Removed|Added|Failed)|$)/g;

function causesOf(description: string, before: Shoot, after: Shoot): Record<string, string> {
  const [old, now] = [versionsOf(before), versionsOf(after)];
  const causes: Record<string, string> = {};
  for (const [, , pool, what = "", reason = ""] of description.matchAll(SENTENCE)) {
    const subject =
      pool === undefined
        ? "control plane"
        : what.includes("machine image")
          ? `image of ${pool}`
          : `pool ${pool}`;
    // A pool that is capped at the version that it runs is reported as updated to it.
    if (what.startsWith("Updated") && old[subject] === now[subject]) continue;
    causes[subject] = causeOf(reason);
  }
  return causes;
}

function causeOf(reason: string): string {
  if (reason.startsWith("Automatic update")) return "automatic";
  if (reason.includes("expired - force update required")) return "expired";
  if (reason.startsWith("Version does not exist")) return "removed";
  throw new Error(`Unknown reason of the maintenance controller: ${reason}`);
}
