/** A Node of the Shoot's own API (v1) to the model's. */
import type { ShootNode } from "../garden";
import { POOL_LABEL } from "../../model/shoot";
import { at, date, list, optionalText, root, text } from "../field";

export function decodeNode(value: unknown): ShootNode {
  const node = root("A Node of the Shoot", value);
  const ready = list(at(node, "status", "conditions")).some(
    (condition) => text(at(condition, "type")) === "Ready" && text(at(condition, "status")) === "True",
  );
  const info = at(node, "status", "nodeInfo");
  return {
    name: text(at(node, "metadata", "name")),
    pool: text(at(node, "metadata", "labels", POOL_LABEL)),
    // Empty until the kubelet has reported for the first time.
    kubeletVersion: withoutV(optionalText(at(info, "kubeletVersion")) ?? ""),
    osImage: optionalText(at(info, "osImage")) ?? "",
    ready,
    created: date(at(node, "metadata", "creationTimestamp")),
  };
}

export function withoutV(version: string): string {
  return version.replace(/^v/, "");
}
