/** The status line while a rollout is awaited. */
import type { Shoot } from "../model/shoot";
import { progressLine } from "./progress";
import type { RolloutState } from "./rolloutState";
import { shortenMiddle } from "./text";

export function rolloutLine(state: RolloutState, reason: string): string {
  const { request, shoot, pools, sizes, observed, interrupted } = state;
  const cause = observed && interrupted === undefined ? state.cause : undefined;
  const { label, position, stepPosition } = request;
  const operation = observed ? shoot.lastOperation : undefined;
  const stage = observed ? "waiting" : hasUpdated(state) ? "started" : "queued";
  const note = interrupted === undefined ? noteOf(state, reason) : `watch interrupted: ${interrupted}`;
  const subject = subjectOf(state);
  const shown = { subject, operation, stage, pools, sizes, note, cause };
  return progressLine({ label, position, stepPosition, ...shown });
}

/** Of a step of several that concerns no pool. */
function subjectOf({ request: { stepPosition }, awaited: { write } }: RolloutState): string | undefined {
  if (stepPosition === undefined || write === undefined) return undefined;
  const { kubernetes, pools } = write.step;
  return kubernetes !== undefined && pools.length === 0 ? `control plane ${kubernetes.to}` : undefined;
}

/** Undefined: the pools or the operation's description are shown. */
function noteOf(state: RolloutState, reason: string): string | undefined {
  const { observed, shoot } = state;
  if (observed) return shoot.lastOperation?.state === "Error" ? retryText(shoot) : undefined;
  return hasUpdated(state) ? undefined : `waiting for ${reason}`;
}

/** Nodes may show the change before the Shoot does, where the Shoot is polled. */
function hasUpdated({ pools }: RolloutState): boolean {
  return pools.some(({ updated }) => updated.length > 0);
}

export function retryText({ lastErrors, lastOperation }: Shoot, longest = 80): string {
  const errors = lastErrors.map(({ description }) => description);
  const text = errors.length === 0 ? (lastOperation?.description ?? "") : errors.join(" · ");
  return `Gardener retries after: ${shortenMiddle(text, longest)}`;
}
