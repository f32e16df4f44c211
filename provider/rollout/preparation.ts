/**
 * The garden's own gate before a Kubernetes version: what it has prepared for this run is taken back
 * once, unless the version was then accepted.
 */
import type { UpgradePreparation, UpgradeReadiness } from "../garden/garden";
import type { Prepare } from "../model/declaration";
import type { Hop } from "../model/plan";
import { UserError, type Problem } from "../model/problem";
import { calledOff } from "./identity";
import { progressLine } from "./progress";
import { GOES_ON, sentence, shorten, spell } from "./text";
import type { RolloutContext, RolloutRequest, Wait } from "./types";

export interface Preparation {
  /** True where the garden has just made the cluster ready: who goes on reads it again. */
  demand(hop: Hop, wait: Wait): Promise<boolean>;
  /** The step was accepted: what was prepared for it is in use. */
  used(hop: Hop): void;
  /** Nobody knows whether the version was accepted: what was prepared stays as it is. */
  doubt(): void;
  /** Takes back what is not in use; returns the failure with what became of it. */
  takeBack(failure: unknown): Promise<unknown>;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15_000;

export function createPreparation(request: RolloutRequest, context: RolloutContext): Preparation {
  const { garden, clock, signal } = context;
  const { ref, label, options } = request;
  const gate = garden.preparation;
  let open: string | undefined;
  let ready: string | undefined;
  let inDoubt = false;

  async function prepare(gate: UpgradePreparation, version: string): Promise<UpgradeReadiness> {
    try {
      const answer = await gate.prepare(ref, version);
      open = version;
      return answer;
    } catch (error) {
      // Where the answer was lost, or made no sense, the garden may have begun all the same.
      if (error instanceof UserError && error.writeOutcome === "unknown") open = version;
      throw error;
    }
  }

  return {
    async demand(hop, wait) {
      const version = hop.kubernetes?.to;
      if (gate === undefined || version === undefined || version === ready) return false;
      if (!isAsked(options.prepare, hop)) return false;
      const since = clock.now();
      wait.show(line(request, `asking the garden to prepare for Kubernetes ${version}`));
      let answer = await prepare(gate, version);
      for (let pause = FIRST_PAUSE_MS; answer.outcome === "pending"; pause *= 1.5) {
        wait.show(line(request, `the garden prepares for Kubernetes ${version}${words(answer)}`));
        await clock.sleep(Math.min(pause, LONGEST_PAUSE_MS), signal);
        if (signal?.aborted === true) throw calledOff(request);
        const now = clock.now().getTime();
        if (now - since.getTime() >= options.stalledMs)
          throw tooLong("GU054", label, version, options.stalledMs);
        if (options.hopMs !== undefined && now - wait.since.getTime() >= options.hopMs)
          throw tooLong("GU057", label, version, options.hopMs);
        answer = await gate.check(ref, version);
      }
      if (answer.outcome === "notReady") throw notReady(label, version, answer);
      ready = version;
      return true;
    },
    used(hop) {
      if (hop.kubernetes?.to === open) open = undefined;
    },
    doubt() {
      inDoubt = true;
    },
    async takeBack(failure) {
      const version = open;
      if (gate === undefined || version === undefined || concernsNobody(failure)) return failure;
      open = undefined;
      const became = inDoubt ? left(version) : await revert(gate, version);
      const problem: Problem = { code: "GU063", severity: "warning", message: `${label}: ${became}` };
      context.warn(problem);
      if (!(failure instanceof UserError)) return failure;
      const { code, message, property } = failure;
      return new UserError(code, `${message} ${became}`, { property, cause: failure });
    },
  };

  async function revert(gate: UpgradePreparation, version: string): Promise<string> {
    const by = "`Revert preparations` in the control panel does it.";
    try {
      const answer = await gate.revert(ref, version);
      return answer.outcome === "notReady"
        ? `What the garden had prepared for Kubernetes ${version} could not be taken back${words(answer)}; ${by}`
        : `What the garden had prepared for Kubernetes ${version} was taken back.`;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return `What the garden had prepared for Kubernetes ${version} could not be taken back: ${sentence(shorten(why, 300))} ${by}`;
    }
  }
}

function isAsked(prepare: Prepare, { kubernetes }: Hop): boolean {
  return prepare === "always" || (prepare === "minor" && kubernetes?.minor === true);
}

/** Another cluster, or one that is going away: there is nothing of ours in it. */
function concernsNobody(failure: unknown): boolean {
  return failure instanceof UserError && ["GU010", "GU030", "GU052", "GU056"].includes(failure.code);
}

function left(version: string): string {
  return (
    `What the garden had prepared for Kubernetes ${version} was left as it is, since the version may have been changed. ` +
    `The next \`pulumi up\` goes on from what it finds.`
  );
}

function words({ details }: UpgradeReadiness): string {
  const text = details.map((detail) => detail.trim().replace(/\.$/, "")).join("; ");
  return text === "" ? "" : `: ${shorten(text, 400)}`;
}

function line({ label, position, step }: RolloutRequest, note: string): string {
  return progressLine({ label, position, step, stage: "waiting", note });
}

function notReady(label: string, version: string, answer: UpgradeReadiness): UserError {
  return new UserError(
    "GU044",
    `${label}: the garden says that the cluster is not ready for Kubernetes ${version}${words(answer)}. The version was not ` +
      "changed. Mend that, then run `pulumi up` again.",
  );
}

function tooLong(code: "GU054" | "GU057", label: string, version: string, ms: number): UserError {
  return new UserError(
    code,
    `${label}: for ${spell(ms)} the garden has been preparing for Kubernetes ${version}. The version was not changed. ${GOES_ON}`,
  );
}
