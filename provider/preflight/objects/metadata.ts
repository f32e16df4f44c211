/** Metadata of objects in a Shoot. */
import {
  at,
  entries,
  list,
  optionalBoolean,
  optionalDate,
  optionalNumber,
  optionalText,
  prose,
  text,
  type Field,
} from "../../garden/field";
import type { FoundObject } from "../../model/preflight";
import { shootId, type Shoot } from "../../model/shoot";

export type Labels = Readonly<Record<string, string>>;

export interface Owner {
  readonly kind: string;
  readonly name: string;
}

export interface Metadata {
  readonly name: string;
  /** Absent: the object has none. */
  readonly namespace?: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly generation: number;
  readonly deletionTimestamp?: Date;
  /** The controller that replaces the object. */
  readonly controller?: Owner;
}

export function decodeMetadata(object: Field): Metadata {
  const metadata = at(object, "metadata");
  const controller = list(at(metadata, "ownerReferences")).find(
    (owner) => optionalBoolean(at(owner, "controller")) === true,
  );
  return {
    name: text(at(metadata, "name")),
    namespace: optionalText(at(metadata, "namespace")),
    labels: decodeLabels(at(metadata, "labels")),
    annotations: decodeLabels(at(metadata, "annotations")),
    generation: optionalNumber(at(metadata, "generation")) ?? 0,
    deletionTimestamp: optionalDate(at(metadata, "deletionTimestamp")),
    controller: controller && { kind: text(at(controller, "kind")), name: text(at(controller, "name")) },
  };
}

function decodeLabels(labels: Field): Labels {
  return Object.fromEntries(entries(labels).map(([key, value]) => [key, prose(value)]));
}

/** `namespace/name`, or the name of an object without a namespace. */
export function idOf({ namespace, name }: Pick<Metadata, "namespace" | "name">): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function foundObject(kind: string, metadata: Pick<Metadata, "namespace" | "name">): FoundObject {
  return { kind, name: idOf(metadata) };
}

export function shootObject({ ref }: Pick<Shoot, "ref">): FoundObject {
  return { kind: "Shoot", name: shootId(ref) };
}

/** Deployed and updated by Gardener itself: nothing that a user could fix. */
export function isGardeners({ labels }: Pick<Metadata, "labels">): boolean {
  return (
    labels["resources.gardener.cloud/managed-by"] === "gardener" ||
    labels["origin"] === "gardener" ||
    labels["gardener.cloud/role"] === "system-component"
  );
}
