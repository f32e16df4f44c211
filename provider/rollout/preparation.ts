/**
 * The garden's own gate before a Kubernetes version. What it has prepared for this run is taken back
 * once, but only from a Shoot that still runs the version from before: anything else, and somebody
 * relies on it.
 */
import type { UpgradePreparation, UpgradeReadiness } from "../garden/garden";
import type { Prepare } from "../model/enums";
import type { FromTo, Step } from "../model/plan";
import { UserError } from "../model/problem";
import { aborted } from "./identity";
import { progressLine } from "./progress";
import { detailLines, CONTINUES, sentence, shorten, spell } from "./text";
import type { RolloutContext, RolloutRequest, Wait } from "./types";

export interface Preparation {
  /** True where the garden has just made the cluster ready: who goes on reads it again. */
  ensure(hop: Step, wait: Wait): Promise<boolean>;
  /** The step was accepted: what was prepared for it is in use. */
  accepted(hop: Step): void;
  /** Nobody knows whether the version was accepted: what was prepared stays as it is. */
  acceptanceUnknown(): void;
  /** Takes back what is not in use, says so, and returns what became of it; undefined: there was nothing. */
  revertUnused(): Promise<string | undefined>;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15_000;

export function createPreparation(request: RolloutRequest, context: RolloutContext): Preparation {
  const { garden, clock, signal } = context;
  const { ref, uid, label, options } = request;
  const gate = garden.preparation;
  let open: FromTo | undefined;
  let ready: string | undefined;
  let inDoubt = false;

  async function prepare(gate: UpgradePreparation, upgrade: FromTo): Promise<UpgradeReadiness> {
    await context.assertMayWrite?.();
    try {
      const answer = await gate.prepare(ref, upgrade.to);
      open = upgrade;
      return answer;
    } catch (error) {
      // Where the answer was lost, or made no sense, the garden may have begun all the same.
      if (error instanceof UserError && error.writeOutcome === "unknown") open = upgrade;
      throw error;
    }
  }

  /** Asks until the garden says ready, or not ready, of what it has prepared. */
  async function awaitPrepared(
    gate: UpgradePreparation,
    upgrade: FromTo,
    wait: Wait,
  ): Promise<UpgradeReadiness> {
    const version = upgrade.to;
    const since = clock.now();
    let answer = await prepare(gate, upgrade);
    for (let pause = FIRST_PAUSE_MS; answer.outcome === "pending"; pause *= 1.5) {
      wait.show(line(request, `the garden prepares for Kubernetes ${version}${inOneLine(answer)}`));
      await clock.sleep(Math.min(pause, LONGEST_PAUSE_MS), signal);
      if (signal?.aborted === true) throw aborted(request);
      await context.assertMayWrite?.();
      const now = clock.now().getTime();
      if (now - since.getTime() >= options.progressDeadlineMs)
        throw tooLong("GU054", label, version, options.progressDeadlineMs);
      if (options.timeoutMs !== undefined && now - wait.since.getTime() >= options.timeoutMs)
        throw tooLong("GU057", label, version, options.timeoutMs);
      answer = await gate.check(ref, version);
      // It is not public which of the two has the last word, so both have to say it.
      if (answer.outcome === "ready") answer = await prepare(gate, upgrade);
    }
    return answer;
  }

  return {
    async ensure({ kubernetes }, wait) {
      if (gate === undefined || kubernetes === undefined || kubernetes.to === ready) return false;
      if (!isAsked(options.prepare, kubernetes)) return false;
      const { from, to } = kubernetes;
      wait.show(line(request, `asking the garden to prepare for Kubernetes ${to}`));
      const answer = await awaitPrepared(gate, { from, to }, wait);
      if (answer.outcome === "notReady") throw notReady(label, to, answer);
      if (answer.details.length > 0) {
        context.info(`${label}: the garden has prepared for Kubernetes ${to}:${detailLines(answer.details)}`);
      }
      ready = to;
      return true;
    },
    accepted(step) {
      if (step.kubernetes?.to === open?.to) open = undefined;
    },
    acceptanceUnknown() {
      inDoubt = true;
    },
    async revertUnused() {
      const upgrade = open;
      if (gate === undefined || upgrade === undefined) return undefined;
      open = undefined;
      const became = await settleOpen(gate, upgrade);
      if (became !== undefined) {
        context.warn({ code: "GU063", severity: "warning", message: `${label}: ${became}` });
      }
      return became;
    },
  };

  async function settleOpen(gate: UpgradePreparation, { from, to }: FromTo): Promise<string | undefined> {
    if (inDoubt) return left(to, "since the version may have been changed");
    // Another run may have begun by now, and it prepares as well.
    if (signal?.aborted === true) return left(to, "since this run was interrupted");
    try {
      const live = await garden.getShoot(ref);
      // Another cluster, or one that is going away: there is nothing of ours in it.
      if (live.uid !== uid || live.deletionTimestamp !== undefined) return undefined;
      const { kubernetesVersion } = live;
      if (kubernetesVersion !== from)
        return left(to, `since the Shoot's version is ${kubernetesVersion} by now, and was ${from}`);
    } catch (error) {
      if (error instanceof UserError && error.code === "GU010") return undefined;
      return left(to, "since the Shoot cannot be read, and its version may have been changed");
    }
    return revert(gate, to);
  }

  async function revert(gate: UpgradePreparation, version: string): Promise<string> {
    const by = "`Revert preparations` in the control panel does it.";
    try {
      await context.assertRunning?.();
      const answer = await gate.revert(ref, version);
      return answer.outcome === "notReady"
        ? `What the garden had prepared for Kubernetes ${version} could not be taken back${inOneLine(answer)}; ${by}`
        : `What the garden had prepared for Kubernetes ${version} was taken back.`;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return `What the garden had prepared for Kubernetes ${version} could not be taken back: ${sentence(shorten(why, 300))} ${by}`;
    }
  }
}

function isAsked(prepare: Prepare, { minor }: { readonly minor: boolean }): boolean {
  return prepare === "always" || (prepare === "minor" && minor);
}

function left(version: string, why: string): string {
  return (
    `What the garden had prepared for Kubernetes ${version} was left as it is, ${why}. ` +
    "The next `pulumi up` goes on from what it finds."
  );
}

/** For a status line, which has little room. */
function inOneLine({ details }: UpgradeReadiness): string {
  const text = details.map((detail) => detail.trim().replace(/\.$/, "")).join("; ");
  return text === "" ? "" : `: ${text}`;
}

function line({ label, position, stepPosition: step }: RolloutRequest, note: string): string {
  return progressLine({ label, position, stepPosition: step, stage: "waiting", note });
}

function notReady(label: string, version: string, answer: UpgradeReadiness): UserError {
  const why = answer.details.length === 0 ? ". " : `:${detailLines(answer.details)}\n`;
  return new UserError(
    "GU044",
    `${label}: the garden says that the cluster is not ready for Kubernetes ${version}${why}` +
      "The version was not changed. Mend that, then run `pulumi up` again.",
  );
}

function tooLong(code: "GU054" | "GU057", label: string, version: string, ms: number): UserError {
  return new UserError(
    code,
    `${label}: for ${spell(ms)} the garden has been preparing for Kubernetes ${version}. The version was not changed. ${CONTINUES}`,
  );
}
