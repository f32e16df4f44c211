/**
 * Cleura's gate before an upgrade: check reads, prepare makes a cluster ready, revert takes that back.
 * What prepare does there is not public; here it takes a while and lets a minor pass.
 */
import { coerce, diff } from "semver";
import { type JsonMap, mapsAt, text, textAt } from "../json";
import { asRefusal, Refusal } from "./failure";
import { type Period, startPeriod } from "./period";
import type { Shoots } from "./shoots";
import { shootChange } from "./edits";

export type GateOutcome = "not_ready" | "pending" | "ready" | "Success";

export interface GateAnswer {
  readonly outcome: GateOutcome;
  readonly details: readonly string[];
  readonly upgradeNotes?: string;
}

export type GateStep = "check" | "prepare" | "revert";

export interface GateOptions {
  /** How long a preparation is pending; `Infinity`: until it is ended. */
  readonly preparationMilliseconds?: number;
  /** What a minor gets that was not prepared. */
  readonly unprepared?: 400 | 409 | "accepted";
}

/** For tests. */
export interface GateControls {
  readonly calls: Readonly<Record<GateStep, number>>;
  /** The version for which a Shoot is prepared, or is being prepared. */
  target(shoot: string): string | undefined;
  setPreparation(milliseconds: number): void;
  /** What is pending becomes ready. */
  endPreparations(): void;
  /**
   * These answers, one for each call and the last one from then on, until the returned function is
   * called. A preparation that is answered with `ready` or `Success` is one.
   */
  force(step: GateStep, ...answers: readonly [GateAnswer, ...GateAnswer[]]): () => void;
}

export interface Gate {
  readonly controls: GateControls;
  ask(step: GateStep, shoot: string, version: string): GateAnswer;
  /** Before the version of a Shoot is changed; throws where that was not prepared. */
  pass(shoot: string, version: string): void;
}

interface Preparation {
  readonly target: string;
  readonly pending: Period;
}

export function createGate(shoots: Shoots, options: Required<GateOptions>): Gate {
  const calls = { check: 0, prepare: 0, revert: 0 };
  const forced = new Map<GateStep, GateAnswer[]>();
  const preparations = new Map<string, Preparation>();
  let duration = options.preparationMilliseconds;

  function check(shoot: string, version: string): GateAnswer {
    const against = objections(shoots, shoot, version);
    if (against.length > 0) return { outcome: "not_ready", details: against };
    const upgradeNotes = notesOf(shoots.get(shoot), version);
    const preparation = preparations.get(shoot);
    if (preparation?.target === version && !preparation.pending.over()) {
      return { outcome: "pending", details: ["Cluster is being prepared for upgrade"], upgradeNotes };
    }
    return { outcome: "ready", details: ["Cluster is ready for upgrade"], upgradeNotes };
  }

  function prepare(shoot: string, version: string): GateAnswer {
    if (check(shoot, version).outcome !== "not_ready" && preparations.get(shoot)?.target !== version) {
      preparations.set(shoot, { target: version, pending: startPeriod(duration) });
    }
    return check(shoot, version);
  }

  function revert(shoot: string, version: string): GateAnswer {
    if (preparations.get(shoot)?.target === version) preparations.delete(shoot);
    return { outcome: "Success", details: ["Preparations have been reverted"] };
  }

  const steps = { check, prepare, revert };

  return {
    controls: {
      calls,
      target: (shoot) => preparations.get(shoot)?.target,
      setPreparation(milliseconds) {
        duration = milliseconds;
      },
      endPreparations() {
        for (const { pending } of preparations.values()) pending.end();
      },
      force(step, ...answers) {
        const queue = [...answers];
        forced.set(step, queue);
        return () => {
          if (forced.get(step) === queue) forced.delete(step);
        };
      },
    },
    ask(step, shoot, version) {
      calls[step] += 1;
      const queue = forced.get(step);
      const answer = queue !== undefined && queue.length > 1 ? queue.shift() : queue?.[0];
      if (answer === undefined) return steps[step](shoot, version);
      if (step === "prepare" && (answer.outcome === "ready" || answer.outcome === "Success")) {
        preparations.set(shoot, { target: version, pending: startPeriod(0) });
      }
      return answer;
    },
    pass(shoot, version) {
      const preparation = preparations.get(shoot);
      const prepared = preparation?.target === version && preparation.pending.over();
      if (options.unprepared !== "accepted" && !prepared && isMinor(shoots.get(shoot), version)) {
        throw new Refusal(options.unprepared, `Shoot ${shoot} is not prepared for an upgrade to ${version}`);
      }
      preparations.delete(shoot);
    },
  };
}

/** Why the upgrade is not ready: the garden's own rules first, then the cluster's state. */
function objections(shoots: Shoots, name: string, version: string): string[] {
  try {
    shoots.trial(name, shootChange({ kubernetes: version }));
  } catch (error) {
    return [asRefusal(error).message];
  }
  const shoot = shoots.get(name);
  const operation = shoots.isBusy(name) ? ["The last operation has not ended"] : [];
  const conditions = [...mapsAt(shoot, "status", "conditions"), ...preconditions(shoot)]
    .filter(({ status }) => status === "False" || status === "Unknown")
    .map(({ type, status, message }) => `${text(type)} is ${text(status)}: ${text(message)}`);
  return [...operation, ...conditions];
}

function preconditions(shoot: JsonMap): JsonMap[] {
  return mapsAt(shoot, "status", "constraints").filter(
    ({ type }) => type === "MaintenancePreconditionsSatisfied",
  );
}

function isMinor(shoot: JsonMap, version: string): boolean {
  const current = coerce(textAt(shoot, "spec", "kubernetes", "version"));
  const target = coerce(version);
  if (current === null || target === null) return false;
  const step = diff(current, target);
  return step === "minor" || step === "major";
}

function notesOf(shoot: JsonMap, version: string): string | undefined {
  const target = coerce(version);
  if (target === null || !isMinor(shoot, version)) return undefined;
  const file = `CHANGELOG-${target.major}.${target.minor}.md`;
  return `https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/${file}`;
}
