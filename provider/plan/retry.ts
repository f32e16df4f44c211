/** How a user makes Gardener retry a failed operation. */
import type { GardenCapabilities } from "../model/capabilities";
import type { ShootRef } from "../model/shoot";

/** Completes "then …", without a full stop. */
export function howToRetry(ref: ShootRef, { annotations }: GardenCapabilities): string {
  return annotations
    ? `\`kubectl --namespace ${ref.namespace} annotate shoot ${ref.name} gardener.cloud/operation=retry\` on the garden`
    : "trigger a reconcile in the control panel";
}
