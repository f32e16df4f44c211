/** What holds before a Shoot is written: it is the adopted cluster, and not being deleted. */
import { assertAdopted } from "../model/adoption";
import { UserError } from "../model/problem";
import { HOLD_ANNOTATION, holdReason, type Shoot } from "../model/shoot";
import { annotateCommand, CONTINUES } from "./text";
import type { RolloutRequest } from "./types";

/** The adopted cluster, and not being deleted. */
export function assertPresent(request: RolloutRequest, shoot: Shoot): void {
  assertAdopted(shoot, request.uid);
  if (shoot.deletionTimestamp === undefined) return;
  throw new UserError(
    "GU030",
    `${request.label}: the Shoot is being deleted. Nothing was written. Remove the resource from the program.`,
  );
}

/** The warning for a Shoot that is skipped because of its hold annotation. */
export function describeHold({ label, ref }: RolloutRequest, shoot: Shoot, done: readonly string[]): string {
  const reason = holdReason(shoot) ?? "";
  const written =
    done.length === 0 ? "Nothing was written" : `Nothing more was written, after: ${done.join("; ")}`;
  return (
    `${label}: skipped, because the annotation ${HOLD_ANNOTATION} is set${reason === "" ? " without a reason" : `: "${reason}"`}. ` +
    `${written}. To continue, run ${annotateCommand(ref, `${HOLD_ANNOTATION}-`)}, then \`pulumi up\` again.`
  );
}

export function aborted({ label }: RolloutRequest): UserError {
  return new UserError(
    "GU058",
    `${label}: the wait was interrupted. What was written remains, and Gardener continues with it. ${CONTINUES}`,
  );
}
