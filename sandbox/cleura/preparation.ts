/**
 * Cleura's preparation of an upgrade: check reads, prepare makes a cluster ready, revert undoes that.
 * What prepare does there is not public; here it only takes time.
 */
import { coerce, diff } from "semver";
import { type JsonMap, mapsAt, text, textAt } from "../json";
import { shootChange } from "./edits";
import { asRefusal } from "./failure";
import type { Shoots } from "./shoots";

export interface UpgradeAnswer {
  readonly outcome: "not_ready" | "pending" | "ready" | "Success";
  readonly details: readonly string[];
  readonly upgradeNotes?: string;
}

export type UpgradeCall = "check" | "prepare" | "revert";

export type Preparations = ReturnType<typeof createPreparations>;

/** `milliseconds`: how long a preparation is pending. */
export function createPreparations(shoots: Shoots, milliseconds: number) {
  const forced = new Map<UpgradeCall, UpgradeAnswer>();
  const prepared = new Map<string, { readonly version: string; readonly readyAt: number }>();

  function check(shoot: string, version: string): UpgradeAnswer {
    const reasons = reasonsAgainst(shoots, shoot, version);
    if (reasons.length > 0) return { outcome: "not_ready", details: reasons };
    const upgradeNotes = notesOf(shoots.get(shoot), version);
    const known = prepared.get(shoot);
    if (known?.version === version && performance.now() < known.readyAt) {
      return { outcome: "pending", details: ["Cluster is being prepared for upgrade"], upgradeNotes };
    }
    return { outcome: "ready", details: ["Cluster is ready for upgrade"], upgradeNotes };
  }

  function prepare(shoot: string, version: string): UpgradeAnswer {
    if (check(shoot, version).outcome !== "not_ready" && prepared.get(shoot)?.version !== version) {
      prepared.set(shoot, { version, readyAt: performance.now() + milliseconds });
    }
    return check(shoot, version);
  }

  function revert(shoot: string, version: string): UpgradeAnswer {
    if (prepared.get(shoot)?.version === version) prepared.delete(shoot);
    return { outcome: "Success", details: ["Preparations have been reverted"] };
  }

  const calls = { check, prepare, revert };

  return {
    answer: (call: UpgradeCall, shoot: string, version: string): UpgradeAnswer =>
      forced.get(call) ?? calls[call](shoot, version),
    /** Sets the answer to a call until the returned function is called. */
    force(call: UpgradeCall, answer: UpgradeAnswer): () => void {
      forced.set(call, answer);
      return () => void forced.delete(call);
    },
  };
}

/** Why the upgrade is not ready: the garden's own rules first, then the cluster's state. */
function reasonsAgainst(shoots: Shoots, name: string, version: string): string[] {
  try {
    shoots.dryRun(name, shootChange({ kubernetes: version }));
  } catch (error) {
    return [asRefusal(error).message];
  }
  const { status } = shoots.get(name);
  const operation = shoots.isBusy(name) ? ["The last operation has not ended"] : [];
  const preconditions = mapsAt(status, "constraints").filter(
    ({ type }) => type === "MaintenancePreconditionsSatisfied",
  );
  const conditions = [...mapsAt(status, "conditions"), ...preconditions]
    .filter((one) => one.status === "False" || one.status === "Unknown")
    .map((one) => `${text(one.type)} is ${text(one.status)}: ${text(one.message)}`);
  return [...operation, ...conditions];
}

function notesOf(shoot: JsonMap, version: string): string | undefined {
  const current = coerce(textAt(shoot, "spec", "kubernetes", "version"));
  const target = coerce(version);
  if (current === null || target === null || diff(current, target) !== "minor") return undefined;
  const file = `CHANGELOG-${target.major}.${target.minor}.md`;
  return `https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/${file}`;
}
