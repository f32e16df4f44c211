/** What the real API server needs before it accepts a Shoot; each object as small as its admission allows. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, ApiError, isApiError } from "../../sandbox/client";
import { at, type JsonMap, map } from "../../sandbox/json";

export const CORE = "/apis/core.gardener.cloud/v1beta1";
const SECURITY = "/apis/security.gardener.cloud/v1alpha1";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";

const PROVIDER = "local";
const NETWORKING = "calico";
const CREDENTIALS = "credentials";

export interface CloudProfileSpec {
  readonly kubernetes: JsonMap;
  readonly machineImages: JsonMap[];
  readonly machineTypes?: JsonMap[];
  readonly machineCapabilities?: JsonMap[];
}

/** What every garden has once: to be called first, and once. */
export async function prepareGarden(admin: Client, operatingSystems: readonly string[]): Promise<void> {
  await admin.create("/api/v1/namespaces", { metadata: { name: "garden" } });
  await admin.create(`${CORE}/controllerregistrations`, {
    metadata: { name: "extensions" },
    spec: {
      resources: [
        ...["Infrastructure", "ControlPlane", "Worker"].map((kind) => ({ kind, type: PROVIDER })),
        { kind: "Network", type: NETWORKING },
        ...operatingSystems.map((type) => ({ kind: "OperatingSystemConfig", type })),
        ...["gvisor", "kata-containers"].map((type) => ({ kind: "ContainerRuntime", type })),
      ],
    },
  });
  // As Gardener's charts have it: every authenticated user may read what is global.
  const name = "gardener.cloud:system:read-global-resources";
  await admin.create(`${RBAC}/clusterroles`, {
    metadata: { name },
    rules: [
      {
        apiGroups: ["core.gardener.cloud"],
        resources: ["cloudprofiles", "exposureclasses", "seeds"],
        verbs: ["get", "list", "watch"],
      },
    ],
  });
  await admin.create(`${RBAC}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated" }],
  });
}

/** A project with its namespace and credentials for its Shoots; returns the namespace. */
export async function createProject(
  admin: Client,
  project: string,
  namespace = `garden-${project}`,
): Promise<string> {
  const labels = { "gardener.cloud/role": "project", "project.gardener.cloud/name": project };
  if (namespace === "garden")
    await admin.patch("/api/v1/namespaces/garden", "merge", { metadata: { labels } });
  else await admin.create("/api/v1/namespaces", { metadata: { name: namespace, labels } });
  await admin.create(`${CORE}/projects`, {
    metadata: { name: project },
    spec: {
      namespace,
      owner: { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "admin" },
    },
  });
  await admin.create(`/api/v1/namespaces/${namespace}/secrets`, { metadata: { name: CREDENTIALS } });
  await admin.create(`${SECURITY}/namespaces/${namespace}/credentialsbindings`, {
    metadata: { name: CREDENTIALS },
    provider: { type: PROVIDER },
    credentialsRef: { apiVersion: "v1", kind: "Secret", namespace, name: CREDENTIALS },
  });
  return namespace;
}

/**
 * Created, then written once more: the API server drops versions that have expired from a CloudProfile that is new, and
 * keeps those of an update.
 */
export async function createCloudProfile(admin: Client, name: string, spec: CloudProfileSpec): Promise<void> {
  const whole = {
    type: PROVIDER,
    regions: [{ name: "local", zones: [{ name: "a" }, { name: "b" }, { name: "c" }] }],
    volumeTypes: [{ name: "standard", class: "standard" }],
    machineTypes: [{ name: "small", cpu: "2", gpu: "0", memory: "8Gi" }],
    ...spec,
  };
  await admin.create(`${CORE}/cloudprofiles`, { metadata: { name }, spec: whole });
  await admin.patch(`${CORE}/cloudprofiles/${name}`, "merge", {
    spec: { kubernetes: spec.kubernetes, machineImages: spec.machineImages },
  });
}

export interface ShootSpec {
  readonly cloudProfile: string;
  readonly kubernetesVersion: string;
  readonly workers: readonly JsonMap[];
  /** Further fields of `spec`. */
  readonly more?: JsonMap;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function shootObject(name: string, spec: ShootSpec): JsonMap {
  return {
    apiVersion: "core.gardener.cloud/v1beta1",
    kind: "Shoot",
    metadata: { name, annotations: { ...spec.annotations } },
    spec: {
      cloudProfile: { kind: "CloudProfile", name: spec.cloudProfile },
      credentialsBindingName: CREDENTIALS,
      region: "local",
      networking: { type: NETWORKING, nodes: "10.250.0.0/16" },
      provider: { type: PROVIDER, workers: spec.workers.map(withDefaults) },
      ...spec.more,
      kubernetes: { ...map(at(spec.more, "kubernetes")), version: spec.kubernetesVersion },
    },
  };
}

function withDefaults(worker: JsonMap): JsonMap {
  return {
    minimum: 1,
    maximum: 1,
    ...worker,
    machine: { type: "small", ...map(worker.machine) },
    volume: { type: "standard", size: "50Gi", ...map(worker.volume) },
  };
}

const TIMEOUT_MS = 10_000;

/**
 * Creates a Shoot as soon as the API server's admission has seen what it refers to: its informers follow a CloudProfile,
 * a Project or a binding within moments, and until then it refuses.
 */
export async function createShoot(client: Client, namespace: string, shoot: JsonMap): Promise<JsonMap> {
  const path = `${CORE}/namespaces/${namespace}/shoots`;
  for (const start = Date.now(); ;) {
    try {
      return await client.create(path, shoot);
    } catch (error) {
      if (!isLate(error) || Date.now() - start > TIMEOUT_MS) throw error;
      await sleep(50);
    }
  }
}

function isLate(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    (isApiError(error, 403) || isApiError(error, 404) || isApiError(error, 422) || isApiError(error, 500)) &&
    /not found|could not find|non-registered|no project|not yet ready/i.test(error.message)
  );
}

/** Waits until the condition holds for the object, by polling. */
export async function eventually(
  client: Client,
  path: string,
  holds: (value: JsonMap) => boolean,
  timeoutMs = TIMEOUT_MS,
): Promise<JsonMap> {
  for (const start = Date.now(); ;) {
    const value = await client.get(path);
    if (holds(value)) return value;
    if (Date.now() - start > timeoutMs)
      throw new Error(`${path} did not fulfil the condition in time: ${JSON.stringify(value)}`);
    await sleep(50);
  }
}
