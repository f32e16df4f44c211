/**
 * APIServices that are not available. While one of them is not, discovery is incomplete: namespaces are not deleted, and the
 * garbage collector does not see everything (k8s.io/kube-aggregator).
 */
import { foundObject } from "../objects/metadata";
import { hidden, itemsOf } from "../objects/listed";
import { finding, type Rule } from "../rule";
import { unreachable } from "./backends";
import type { Check } from "./check";

const notAvailable: Rule = {
  check: "apiService",
  name: "notAvailable",
  severity: { nodeRoll: "warn", controlPlane: "warn", patch: "info" },
};

export const apiServices: Check = ({ work, objects }) => ({
  findings: itemsOf(objects.apiServices)
    .filter(({ available }) => !available)
    .flatMap((apiService) => {
      const { service, message } = apiService;
      const backend = service && unreachable(service, objects);
      return finding(notAvailable, work, {
        object: foundObject("APIService", apiService),
        found: `it is not available: ${backend ?? (message === "" ? "it reports no reason" : message)}`,
        why: "discovery is incomplete: controllers that need it fail, and namespaces are not deleted",
        action: "restore the Service and its pods, or delete the APIService",
      });
    }),
  notVisible: hidden(objects.apiServices),
});
