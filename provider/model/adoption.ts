/** A Shoot's uid tells the adopted cluster from another one of the same name. */
import { UserError } from "./problem";
import { shootId, type Shoot } from "./shoot";

/** @throws UserError GU052 for another cluster than the one that was adopted. */
export function assertAdopted(shoot: Shoot, uid: string): void {
  if (shoot.uid === uid) return;
  throw new UserError(
    "GU052",
    `Shoot ${shootId(shoot.ref)} is another cluster than the one that was adopted: its uid was ${uid} and is ${shoot.uid}. ` +
      "It was deleted and created again, or this is another garden. Nothing was written to it. If this cluster is intended, " +
      "remove the old one from the stack with `pulumi state delete`; the next `pulumi up` adopts this one.",
  );
}
