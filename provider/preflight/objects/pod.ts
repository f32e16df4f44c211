/** Pods (v1), as far as a drain depends on them. */
import {
  at,
  isAbsent,
  list,
  optionalNumber,
  optionalText,
  prose,
  root,
  text,
  type Field,
} from "../../garden/field";
import { decodeMetadata, type Metadata } from "./metadata";
import { decodeNodeSelector, HOSTNAME, type NodeSelector } from "./nodeSelector";
import { decodeSelector, selects, type Selector } from "./selector";
import { decodeTolerations, type Toleration } from "./taint";

export type EmptyDirMedium = "disk" | "memory";

export interface Spread {
  readonly topologyKey: string;
  readonly maxSkew: number;
}

export interface Pod extends Metadata {
  readonly namespace: string;
  /** Absent: not scheduled. */
  readonly node?: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly gracePeriodSeconds: number;
  readonly claims: readonly string[];
  readonly hostPaths: readonly string[];
  /** Of its emptyDir volumes. */
  readonly emptyDirs: readonly EmptyDirMedium[];
  readonly tolerations: readonly Toleration[];
  readonly hostPorts: readonly number[];
  readonly nodeSelector: NodeSelector;
  /** Topology spread constraints that a pod is not scheduled against, and that count cordoned nodes as well. */
  readonly spreads: readonly Spread[];
  /** The pod does not share a node with another one of its kind. */
  readonly aloneOnNode: boolean;
}

const DEFAULT_GRACE_SECONDS = 30;

export function decodePod(value: unknown): Pod {
  const pod = root("A Pod of the Shoot", value);
  const metadata = decodeMetadata(pod);
  const spec = at(pod, "spec");
  const volumes = list(at(spec, "volumes"));
  return {
    ...metadata,
    namespace: text(at(pod, "metadata", "namespace")),
    node: optionalText(at(spec, "nodeName")),
    phase: prose(at(pod, "status", "phase")),
    ready: isTrue(at(pod, "status", "conditions"), "Ready"),
    gracePeriodSeconds: optionalNumber(at(spec, "terminationGracePeriodSeconds")) ?? DEFAULT_GRACE_SECONDS,
    claims: volumes.flatMap(
      (volume) =>
        optionalText(at(volume, "persistentVolumeClaim", "claimName")) ??
        ephemeralClaim(volume, metadata.name),
    ),
    hostPaths: volumes.flatMap((volume) => optionalText(at(volume, "hostPath", "path")) ?? []),
    emptyDirs: volumes.flatMap((volume) => mediumOf(at(volume, "emptyDir"))),
    tolerations: decodeTolerations(at(spec, "tolerations")),
    hostPorts: list(at(spec, "containers")).flatMap((container) =>
      list(at(container, "ports")).flatMap((port) => optionalNumber(at(port, "hostPort")) ?? []),
    ),
    nodeSelector: decodeNodeSelector(
      at(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
      at(spec, "nodeSelector"),
    ),
    spreads: list(at(spec, "topologySpreadConstraints"))
      .filter((constraint) => prose(at(constraint, "whenUnsatisfiable")) !== "ScheduleAnyway")
      .filter((constraint) => prose(at(constraint, "nodeTaintsPolicy")) !== "Honor")
      .map((constraint) => ({
        topologyKey: prose(at(constraint, "topologyKey")),
        maxSkew: optionalNumber(at(constraint, "maxSkew")) ?? 1,
      })),
    aloneOnNode: list(
      at(spec, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
    ).some(
      (term) =>
        optionalText(at(term, "topologyKey")) === HOSTNAME &&
        selects(decodeSelector(at(term, "labelSelector")) ?? nothing, metadata.labels),
    ),
  };
}

/** `Memory`, and `HugePages` of any size, are in memory. */
function mediumOf(emptyDir: Field): readonly EmptyDirMedium[] {
  if (isAbsent(emptyDir)) return [];
  return [(optionalText(at(emptyDir, "medium")) ?? "") === "" ? "disk" : "memory"];
}

/** A term without a selector selects nothing. */
const nothing: Selector = [{ key: "", operator: "In", values: [] }];

function ephemeralClaim(volume: Field, pod: string): readonly string[] {
  const template = at(volume, "ephemeral", "volumeClaimTemplate").value;
  return template === undefined ? [] : [`${pod}-${text(at(volume, "name"))}`];
}

/** The status of a condition. */
export function isTrue(conditions: Field, type: string): boolean {
  return list(conditions).some(
    (condition) => prose(at(condition, "type")) === type && prose(at(condition, "status")) === "True",
  );
}

/** Mirror pods and those of DaemonSets are not evicted (machine-controller-manager pkg/util/provider/drain). */
export function isEvicted({ annotations, controller, phase }: Pod): boolean {
  if ("kubernetes.io/config.mirror" in annotations || controller?.kind === "DaemonSet") return false;
  return phase !== "Succeeded" && phase !== "Failed";
}

/** What is known of it by the pod alone: a ReplicaSet of a Deployment has its name and the hash of its template. */
export function workloadOf({ controller, labels }: Pod): Pod["controller"] {
  const hash = labels["pod-template-hash"];
  if (controller?.kind !== "ReplicaSet" || hash === undefined || !controller.name.endsWith(`-${hash}`))
    return controller;
  return { kind: "Deployment", name: controller.name.slice(0, -hash.length - 1) };
}
