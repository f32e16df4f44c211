/** Shoots of the contract's garden, as objects of its API. */
import { type JsonValue, bodyOf } from "./api";
import { OS, PROFILE } from "./profile";

export const NAMESPACE = "garden-contract";

export interface PoolSpec {
  readonly name: string;
  readonly image?: string;
  readonly imageName?: string;
  readonly kubernetesVersion?: string;
  readonly machineType?: string;
  readonly architecture?: string;
  readonly updateStrategy?: string;
  readonly containerRuntimes?: readonly string[];
}

export interface ShootSpec {
  readonly kubernetesVersion?: string;
  readonly pools?: readonly PoolSpec[];
  /** Further fields of `spec`. */
  readonly more?: Readonly<Record<string, JsonValue>>;
  readonly maintenance?: Readonly<Record<string, JsonValue>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function shootObject(name: string, spec: ShootSpec = {}): JsonValue {
  const kubernetes = bodyOf(spec.more).at("kubernetes");
  return {
    apiVersion: "core.gardener.cloud/v1beta1",
    kind: "Shoot",
    metadata: { name, namespace: NAMESPACE, annotations: { ...spec.annotations } },
    spec: {
      cloudProfile: { kind: "CloudProfile", name: PROFILE },
      credentialsBindingName: "credentials",
      region: "local",
      networking: { type: "calico", nodes: "10.250.0.0/16" },
      maintenance: {
        // Far from now: no maintenance runs unless requested.
        timeWindow: farOff(),
        ...spec.maintenance,
      },
      ...spec.more,
      kubernetes: {
        ...(typeof kubernetes === "object" ? kubernetes : {}),
        version: spec.kubernetesVersion ?? "1.33.4",
      },
      provider: { type: "local", workers: (spec.pools ?? [{ name: "a" }]).map(poolObject) },
    },
  };
}

export function poolObject(pool: PoolSpec): Readonly<Record<string, JsonValue>> {
  return {
    name: pool.name,
    machine: {
      type: pool.machineType ?? "small",
      image: { name: pool.imageName ?? OS, version: pool.image ?? "1.4.0" },
      ...(pool.architecture === undefined ? {} : { architecture: pool.architecture }),
    },
    minimum: 1,
    maximum: 1,
    volume: { type: "standard", size: "50Gi" },
    ...(pool.kubernetesVersion === undefined ? {} : { kubernetes: { version: pool.kubernetesVersion } }),
    ...(pool.updateStrategy === undefined ? {} : { updateStrategy: pool.updateStrategy }),
    ...(pool.containerRuntimes === undefined
      ? {}
      : { cri: { name: "containerd", containerRuntimes: pool.containerRuntimes.map((type) => ({ type })) } }),
  };
}

function farOff(): { readonly begin: string; readonly end: string } {
  const hour = (offset: number) =>
    `${String((new Date().getUTCHours() + offset) % 24).padStart(2, "0")}0000+0000`;
  return { begin: hour(12), end: hour(13) };
}
