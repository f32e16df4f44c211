/** Nodes (v1). */
import { at, optionalBoolean, optionalText, root, type Field } from "../../garden/field";
import { POOL_LABEL, type Taint } from "../../model/shoot";
import { decodeMetadata, type Metadata } from "./metadata";
import { isTrue } from "./pod";
import { decodeTaints } from "./taint";

export interface Node extends Metadata {
  /** Absent: no node of a worker pool. */
  readonly pool?: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  /** Kept by machine-controller-manager when its machine fails, or on request. */
  readonly preserved: boolean;
  /** Without the leading v; empty: not reported yet. */
  readonly kubeletVersion: string;
  readonly taints: readonly Taint[];
}

export function decodeNode(value: unknown): Node {
  const node = root("A Node of the Shoot", value);
  const metadata = decodeMetadata(node);
  return {
    ...metadata,
    pool: metadata.labels[POOL_LABEL],
    ready: isTrue(at(node, "status", "conditions"), "Ready"),
    unschedulable: optionalBoolean(at(node, "spec", "unschedulable")) ?? false,
    preserved: isPreserved(node, metadata),
    kubeletVersion: (optionalText(at(node, "status", "nodeInfo", "kubeletVersion")) ?? "").replace(/^v/, ""),
    taints: decodeTaints(at(node, "spec", "taints")),
  };
}

/** machine-controller-manager pkg/apis/machine/v1alpha1 (condition) and machineutils (annotation). */
function isPreserved(node: Field, { annotations }: Metadata): boolean {
  return (
    isTrue(at(node, "status", "conditions"), "Preserved") ||
    annotations["node.machine.sapcloud.io/preserve"] === "now"
  );
}
