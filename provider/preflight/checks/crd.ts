/**
 * CustomResourceDefinitions with conversion webhooks. Several stored versions with such a webhook are Gardener's constraint
 * CRDsWithProblematicConversionWebhooks (pkg/gardenlet/controller/shoot/care/constraints.go); whether the webhook can be called
 * is not part of it.
 */
import { foundObject } from "../objects/metadata";
import { hidden, itemsOf } from "../objects/listed";
import { finding, type Rule } from "../rule";
import { enumerate } from "../text";
import { unusable } from "./backends";
import type { Check } from "./check";

const check = "crd";
const storedVersions: Rule = {
  check,
  name: "storedVersions",
  severity: { nodeRoll: "warn", controlPlane: "warn", patch: "info" },
};
const conversion: Rule = {
  check,
  name: "unusableConversion",
  severity: { nodeRoll: "warn", controlPlane: "warn", patch: "warn" },
};

export const crds: Check = ({ work, objects, now }) => ({
  findings: itemsOf(objects.crds).flatMap((crd) => {
    if (crd.conversion === undefined) return [];
    const object = foundObject("CustomResourceDefinition", crd);
    const backend = unusable(crd.conversion, objects, now);
    return [
      ...(backend === undefined
        ? []
        : finding(conversion, work, {
            object,
            found: `its conversion webhook cannot be called: ${backend.reason}`,
            why: "its objects cannot be read in another version, and controllers that list them fail when the control plane restarts",
            action:
              backend.kind === "dead"
                ? "restore the Service and its pods"
                : "renew the caBundle of spec.conversion, as its certificate manager does",
          })),
      ...(crd.storedVersions.length < 2
        ? []
        : finding(storedVersions, work, {
            object,
            found: `objects are stored in several versions (${enumerate(crd.storedVersions, 4)}) and converted by a webhook`,
            why: "while the webhook does not run, its objects cannot be read; Gardener reports this as a constraint",
            action:
              "migrate all objects to the storage version, then remove the others from status.storedVersions",
          })),
    ];
  }),
  notVisible: hidden(objects.crds, objects.services, objects.endpointSlices),
});
