/** Nodes of the pools that are drained, before the drain begins. */
import type { Finding } from "../../model/preflight";
import { foundObject } from "../objects/metadata";
import { finding, type Rule } from "../rule";
import { drainedNodes, type Inspected } from "./check";

const check = "drain";
const notReady: Rule = { check, name: "nodeNotReady", severity: { nodeRoll: "warn" } };
const cordoned: Rule = { check, name: "nodeCordoned", severity: { nodeRoll: "info" } };
const preserved: Rule = { check, name: "nodePreserved", severity: { nodeRoll: "warn" } };

export function inspectNodes(inspected: Inspected): readonly Finding[] {
  const { work } = inspected;
  return drainedNodes(inspected).flatMap((node) => {
    const object = foundObject("Node", node);
    return [
      ...(node.ready
        ? []
        : finding(notReady, work, {
            object,
            found: "it is not ready",
            why: "its pods do not terminate by themselves, so its drain waits until they are deleted by force",
            action: "fix the node, or let Gardener replace it, first",
          })),
      ...(node.unschedulable
        ? finding(cordoned, work, {
            object,
            found: "it is cordoned",
            why: "its place is missing for pods that are evicted from the first nodes",
            action: "uncordon it, unless that is intended",
          })
        : []),
      ...(node.preserved
        ? finding(preserved, work, {
            object,
            found: "its machine is preserved",
            // docs/usage/shoot/shoot_machine_preservation.md
            why: "it is not replaced and never gets the new version, so the rollout is not complete before the preservation ends",
            action: "end the preservation: remove the annotation node.machine.sapcloud.io/preserve",
          })
        : []),
    ];
  });
}
