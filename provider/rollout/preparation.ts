/**
 * The preparation that a garden itself requires before a Kubernetes version. What was prepared for this
 * run and is not used is reverted once, but only while the Shoot still has the version from before:
 * otherwise somebody relies on it.
 */
import type { UpgradePreparation } from "../garden/garden";
import type { UpgradeReadiness } from "../model/readiness";
import { pauseAfter } from "../model/backoff";
import type { Prepare } from "../model/enums";
import type { FromTo, Step } from "../model/plan";
import { UserError } from "../model/problem";
import { aborted } from "./identity";
import { createTimeLimits, type ExceededLimit } from "./limits";
import { waitingLine } from "./progress";
import { createAwakeTime } from "./suspension";
import { detailLines, CONTINUES, sentence, shorten } from "./text";
import type { RolloutContext, RolloutRequest, Wait } from "./types";

export interface Preparation {
  /** @param now with the step's position. True where the garden has just prepared the cluster, which is to be read again then. */
  ensure(now: RolloutRequest, step: Step, wait: Wait): Promise<boolean>;
  /** The step was accepted: what was prepared for it is in use. */
  accepted(step: Step): void;
  /** It is not known whether the version was accepted: what was prepared remains. */
  acceptanceUnknown(): void;
  /** Reverts what is not in use, warns about it, and returns that message; undefined: there was nothing. */
  revertUnused(): Promise<string | undefined>;
}

const PENDING_PAUSE = { firstMs: 5_000, longestMs: 15_000 };

export function createPreparation(request: RolloutRequest, context: RolloutContext): Preparation {
  const { label, options } = request;
  const upgradePreparation = context.garden.preparation;
  let unused: FromTo | undefined;
  let prepared: string | undefined;
  let unknown = false;

  async function prepare(preparation: UpgradePreparation, upgrade: FromTo): Promise<UpgradeReadiness> {
    await context.assertMayWrite?.();
    try {
      const readiness = await preparation.prepare(request.ref, upgrade.to);
      unused = upgrade;
      return readiness;
    } catch (error) {
      // Where the response was lost or not understood, the garden may have begun all the same.
      if (error instanceof UserError && error.writeOutcome === "unknown") unused = upgrade;
      throw error;
    }
  }

  return {
    async ensure(now, { kubernetes }, wait) {
      if (upgradePreparation === undefined || kubernetes === undefined || kubernetes.to === prepared) {
        return false;
      }
      if (!isRequired(options.prepare, kubernetes)) return false;
      const { from, to } = kubernetes;
      wait.show(waitingLine(now, `requesting the preparation for Kubernetes ${to}`));
      const readiness = await awaitPrepared(now, context, wait, to, {
        prepare: () => prepare(upgradePreparation, { from, to }),
        check: () => upgradePreparation.check(request.ref, to),
      });
      if (readiness.outcome === "notReady") throw notReady(label, to, readiness);
      if (readiness.details.length > 0) {
        context.info(
          `${label}: the garden has prepared for Kubernetes ${to}:${detailLines(readiness.details)}`,
        );
      }
      prepared = to;
      return true;
    },
    accepted(step) {
      if (step.kubernetes?.to === unused?.to) unused = undefined;
    },
    acceptanceUnknown() {
      unknown = true;
    },
    async revertUnused() {
      const upgrade = unused;
      if (upgradePreparation === undefined || upgrade === undefined) return undefined;
      unused = undefined;
      const message = await dispose(request, context, upgradePreparation, upgrade, unknown);
      if (message === undefined) return undefined;
      context.warn({ code: "GU063", severity: "warning", message: `${label}: ${message}` });
      return message;
    },
  };
}

/** Checks until the garden reports what it prepared as ready, or as not ready. */
async function awaitPrepared(
  request: RolloutRequest,
  context: RolloutContext,
  wait: Wait,
  version: string,
  calls: { prepare(): Promise<UpgradeReadiness>; check(): Promise<UpgradeReadiness> },
): Promise<UpgradeReadiness> {
  const { signal } = context;
  const time = createAwakeTime(context.clock);
  const limits = createTimeLimits(time, request.options, wait.since);
  let readiness = await calls.prepare();
  for (let attempts = 1; readiness.outcome === "pending"; attempts++) {
    wait.show(
      waitingLine(request, `the garden is preparing for Kubernetes ${version}${inOneLine(readiness)}`),
    );
    await time.sleep(pauseAfter(attempts, PENDING_PAUSE), signal);
    if (signal?.aborted === true) throw aborted(request);
    await context.assertMayWrite?.();
    const exceeded = limits.exceeded();
    if (exceeded !== undefined) throw tooLong(request.label, version, exceeded);
    readiness = await calls.check();
    // It is not documented which of the two decides, so both have to report it.
    if (readiness.outcome === "ready") readiness = await calls.prepare();
  }
  return readiness;
}

/** What becomes of a preparation that is not used. */
type Disposition =
  | { readonly kind: "revert" }
  | { readonly kind: "keep"; readonly reason: string }
  /** The cluster that was prepared does not exist any more. */
  | { readonly kind: "gone" };

function keep(reason: string): Disposition {
  return { kind: "keep", reason };
}

/** Returns what became of it; undefined where there is nothing to report. */
async function dispose(
  request: RolloutRequest,
  context: RolloutContext,
  preparation: UpgradePreparation,
  upgrade: FromTo,
  unknown: boolean,
): Promise<string | undefined> {
  const disposition = unknown
    ? keep("the version may have been changed")
    : await dispositionOf(request, context, upgrade);
  switch (disposition.kind) {
    case "gone":
      return undefined;
    case "keep":
      return (
        `The garden's preparation for Kubernetes ${upgrade.to} was not reverted, because ${disposition.reason}. ` +
        "The next `pulumi up` continues from the live Shoot."
      );
    case "revert":
      return revert(request, context, preparation, upgrade.to);
  }
}

async function dispositionOf(
  { ref, uid }: RolloutRequest,
  { garden, signal }: RolloutContext,
  { from }: FromTo,
): Promise<Disposition> {
  // Another run may have begun by now, and it prepares as well.
  if (signal?.aborted === true) return keep("this run was interrupted");
  try {
    const shoot = await garden.getShoot(ref);
    if (shoot.uid !== uid || shoot.deletionTimestamp !== undefined) return { kind: "gone" };
    const version = shoot.kubernetesVersion;
    if (version === from) return { kind: "revert" };
    return keep(`the Shoot's version has changed from ${from} to ${version}`);
  } catch (error) {
    if (error instanceof UserError && error.code === "GU010") return { kind: "gone" };
    return keep("the Shoot cannot be read, and its version may have been changed");
  }
}

async function revert(
  { ref }: RolloutRequest,
  context: RolloutContext,
  preparation: UpgradePreparation,
  version: string,
): Promise<string> {
  const failed = `The garden's preparation for Kubernetes ${version} could not be reverted`;
  const next = "Use `Revert preparations` in the control panel.";
  try {
    await context.assertRunning?.();
    const readiness = await preparation.revert(ref, version);
    return readiness.outcome === "notReady"
      ? `${failed}${inOneLine(readiness)}. ${next}`
      : `The garden's preparation for Kubernetes ${version} was reverted.`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `${failed}: ${sentence(shorten(why, 300))} ${next}`;
  }
}

function isRequired(prepare: Prepare, { minor }: { readonly minor: boolean }): boolean {
  return prepare === "always" || (prepare === "minor" && minor);
}

/** For a status line, which has little room. */
function inOneLine({ details }: UpgradeReadiness): string {
  const text = details.map((detail) => detail.trim().replace(/\.$/, "")).join("; ");
  return text === "" ? "" : `: ${text}`;
}

function notReady(label: string, version: string, { details }: UpgradeReadiness): UserError {
  const why = details.length === 0 ? ". " : `:${detailLines(details)}\n`;
  return new UserError(
    "GU044",
    `${label}: the garden reports that the cluster is not ready for Kubernetes ${version}${why}` +
      "The version was not changed. Run `pulumi up` again when this is fixed.",
  );
}

function tooLong(label: string, version: string, { code, text }: ExceededLimit): UserError {
  return new UserError(
    code,
    `${label}: the garden has been preparing for Kubernetes ${version} for ${text}. The version was not changed. ${CONTINUES}`,
  );
}
