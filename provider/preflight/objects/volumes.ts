/** PersistentVolumes, PersistentVolumeClaims and StatefulSets. */
import { at, optionalNumber, optionalText, root } from "../../garden/field";
import { decodeMetadata, type Metadata } from "./metadata";
import { decodeNodeSelector, namesOf } from "./nodeSelector";

export interface PersistentVolume extends Metadata {
  /** `namespace/name` of its claim. */
  readonly claim?: string;
  /** Names of the nodes that it can be used on; empty: not bound to nodes. */
  readonly nodes: readonly string[];
}

export interface StatefulSet extends Metadata {
  readonly replicas: number;
  readonly readyReplicas: number;
}

export function decodeVolume(value: unknown): PersistentVolume {
  const volume = root("A PersistentVolume of the Shoot", value);
  const claim = at(volume, "spec", "claimRef");
  const name = optionalText(at(claim, "name"));
  const namespace = optionalText(at(claim, "namespace"));
  return {
    ...decodeMetadata(volume),
    ...(name !== undefined && namespace !== undefined && { claim: `${namespace}/${name}` }),
    nodes: namesOf(decodeNodeSelector(at(volume, "spec", "nodeAffinity", "required"))),
  };
}

export function decodeStatefulSet(value: unknown): StatefulSet {
  const statefulSet = root("A StatefulSet of the Shoot", value);
  return {
    ...decodeMetadata(statefulSet),
    replicas: optionalNumber(at(statefulSet, "spec", "replicas")) ?? 1,
    readyReplicas: optionalNumber(at(statefulSet, "status", "readyReplicas")) ?? 0,
  };
}
