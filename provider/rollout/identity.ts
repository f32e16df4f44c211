/** What has to be true before a Shoot is written: the adopted cluster, and not going away. */
import { UserError } from "../model/problem";
import { HOLD_ANNOTATION, holdReason, shootId, type Shoot } from "../model/shoot";
import { annotateCommand, CONTINUES } from "./text";
import type { RolloutRequest } from "./types";

export function assertSameUid({ label, ref, uid }: RolloutRequest, shoot: Shoot): void {
  if (shoot.uid === uid) return;
  throw new UserError(
    "GU052",
    `${label}: ${shootId(ref)} is another cluster now (uid ${shoot.uid}) than the one that was adopted (uid ${uid}). ` +
      "It was not touched. Where this one is meant, take the old one out of the stack with `pulumi state delete`; " +
      "the next `pulumi up` adopts this one.",
  );
}

/** The adopted cluster, and not one that is going away. */
export function assertPresent(request: RolloutRequest, shoot: Shoot): void {
  assertSameUid(request, shoot);
  if (shoot.deletionTimestamp === undefined) return;
  throw new UserError("GU030", `${request.label}: the Shoot is being deleted. Nothing was written.`);
}

/** What a person reads of a Shoot that is skipped because of its hold annotation. */
export function describeHold({ label, ref }: RolloutRequest, shoot: Shoot, done: readonly string[]): string {
  const reason = holdReason(shoot) ?? "";
  const written =
    done.length === 0 ? "Nothing was written" : `Nothing more was written, after: ${done.join("; ")}`;
  return (
    `${label}: skipped, because it is held by the annotation ${HOLD_ANNOTATION}${reason === "" ? ", without a reason" : `: "${reason}"`}. ` +
    `${written}. To lift it: ${annotateCommand(ref, `${HOLD_ANNOTATION}-`)}, then \`pulumi up\` again.`
  );
}

export function aborted({ label }: RolloutRequest): UserError {
  return new UserError(
    "GU058",
    `${label}: no longer waited for. What is written stays written, and Gardener goes on with it. ${CONTINUES}`,
  );
}
