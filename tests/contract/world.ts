/** The objects in the garden before the first test: created through its API, so that any garden accepts them. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Api, api, type JsonValue, look } from "./api";
import type { GardenUnderTest } from "./garden";

export const CORE = "/apis/core.gardener.cloud/v1beta1";
const SECURITY = "/apis/security.gardener.cloud/v1alpha1";
const PROJECT = "contract";
export const NAMESPACE = "garden-contract";
export const PROFILE = "contract";
export const SHOOTS = `${CORE}/namespaces/${NAMESPACE}/shoots`;
export const OS = "gardenlinux";
export const IN_PLACE_OS = "flatcar";

const DAY = 24 * 60 * 60 * 1000;
const days = (count: number) => new Date(Date.now() + count * DAY).toISOString().replace(/\.\d+Z$/, "Z");

const version = (name: string, classification: string, expiresInDays?: number) => ({
  version: name,
  classification,
  ...(expiresInDays === undefined ? {} : { expirationDate: days(expiresInDays) }),
});

/** Newest first, as they are listed in refusals. */
export const KUBERNETES_VERSIONS = [
  version("1.35.4", "preview"),
  version("1.35.2", "supported"),
  version("1.34.6", "deprecated", 100),
  version("1.34.5", "supported"),
  version("1.34.2", "deprecated", -1),
  version("1.33.9", "deprecated", 100),
  version("1.33.8", "supported"),
  version("1.33.4", "deprecated", 30),
  version("1.33.3", "deprecated", -1),
  version("1.32.13", "deprecated", 30),
  version("1.32.9", "deprecated", -1),
  version("1.32.7", "deprecated", 20),
  version("1.31.14", "deprecated", 30),
  version("1.30.14", "deprecated", -1),
  version("1.30.10", "deprecated", 30),
  // No later version is offered in the next minor.
  version("1.28.9", "deprecated", -1),
  version("1.28.4", "deprecated", 30),
];

const BOTH = ["amd64", "arm64"];
const inPlace = (name: string, minimum: string) => ({
  ...version(name, "supported"),
  architectures: ["amd64"],
  inPlaceUpdates: { supported: true, minVersionForUpdate: minimum },
});

export const MACHINE_IMAGES = [
  {
    name: OS,
    updateStrategy: "minor",
    versions: [
      { ...version("2.0.0", "preview"), architectures: BOTH },
      { ...version("1.7.0", "supported"), architectures: ["arm64"] },
      { ...version("1.6.0", "supported"), architectures: BOTH, kubeletVersionConstraint: ">= 1.34" },
      { ...version("1.5.3", "deprecated", -1), architectures: BOTH },
      {
        ...version("1.5.0", "supported"),
        architectures: BOTH,
        kubeletVersionConstraint: "< 1.35",
        cri: [{ name: "containerd", containerRuntimes: [{ type: "gvisor" }] }],
      },
      { ...version("1.4.2", "supported", -1), architectures: BOTH },
      { ...version("1.4.1", "deprecated", 30), architectures: BOTH },
      { ...version("1.4.0", "deprecated", 30), architectures: BOTH },
      { ...version("1.3.0", "deprecated", -1), architectures: BOTH },
    ],
  },
  {
    name: "patchwise",
    updateStrategy: "patch",
    versions: [
      { ...version("2.0.0", "supported"), architectures: ["amd64"] },
      { ...version("1.2.0", "supported"), architectures: ["amd64"] },
      { ...version("1.1.2", "supported"), architectures: ["amd64"] },
      { ...version("1.1.0", "deprecated", 30), architectures: ["amd64"] },
      { ...version("1.0.5", "deprecated", -1), architectures: ["amd64"] },
      { ...version("1.0.0", "deprecated", 30), architectures: ["amd64"] },
    ],
  },
  {
    name: "majorwise",
    updateStrategy: "major",
    versions: [
      { ...version("4.0.0", "preview"), architectures: ["amd64"] },
      { ...version("3.1.0", "deprecated", 30), architectures: ["amd64"] },
      { ...version("3.0.0", "supported"), architectures: ["amd64"] },
      { ...version("2.5.0", "supported"), architectures: ["amd64"] },
      { ...version("1.0.0", "deprecated", 30), architectures: ["amd64"] },
    ],
  },
  {
    name: "previews",
    updateStrategy: "major",
    versions: [{ ...version("1.0.0", "preview"), architectures: ["amd64"] }],
  },
  {
    name: IN_PLACE_OS,
    updateStrategy: "major",
    versions: [
      inPlace("3.0.0", "2.0.0"),
      inPlace("2.0.0", "1.0.0"),
      inPlace("1.0.0", "1.0.0"),
      { ...version("4.0.0", "supported"), architectures: ["amd64"] },
    ],
  },
];

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

export interface ContractWorld {
  readonly garden: GardenUnderTest;
  readonly admin: Api;
  /** A new Shoot, at 1.33.4 with one pool `a` on 1.4.0 where the spec names no others; its path. */
  shoot(spec?: ShootSpec): Promise<string>;
  /** One that has been reconciled. */
  reconciled(spec?: ShootSpec): Promise<string>;
  newName(): string;
}

export async function createWorld(garden: GardenUnderTest): Promise<ContractWorld> {
  const admin = api(garden.url, garden.ca, garden.admin);
  await prepare(admin);
  let count = 0;
  const newName = () => `s${String((count += 1))}`;

  async function shoot(spec: ShootSpec = {}): Promise<string> {
    const name = newName();
    const answer = await patiently(() => admin.post(SHOOTS, shootObject(name, spec)));
    expectCode(answer, 201);
    return `${SHOOTS}/${name}`;
  }

  return {
    garden,
    admin,
    newName,
    shoot,
    async reconciled(spec) {
      const path = await shoot(spec);
      await operation(admin, path, { state: "Succeeded" });
      return path;
    },
  };
}

async function prepare(admin: Api): Promise<void> {
  const create = async (path: string, body: JsonValue) => {
    const answer = await patiently(() => admin.post(path, body));
    if (answer.code !== 409) expectCode(answer, 201);
  };
  for (const name of ["garden", NAMESPACE]) {
    await create("/api/v1/namespaces", {
      metadata: {
        name,
        ...(name === NAMESPACE
          ? { labels: { "gardener.cloud/role": "project", "project.gardener.cloud/name": PROJECT } }
          : {}),
      },
    });
  }
  await create(`${CORE}/controllerregistrations`, {
    metadata: { name: "contract" },
    spec: {
      resources: [
        ...["Infrastructure", "ControlPlane", "Worker"].map((kind) => ({ kind, type: "local" })),
        { kind: "Network", type: "calico" },
        { kind: "ContainerRuntime", type: "gvisor" },
        ...MACHINE_IMAGES.map(({ name }) => ({ kind: "OperatingSystemConfig", type: name })),
      ],
    },
  });
  await create(`${CORE}/projects`, {
    metadata: { name: PROJECT },
    spec: {
      namespace: NAMESPACE,
      owner: { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "admin" },
    },
  });
  await create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name: "credentials" } });
  await create(`${SECURITY}/namespaces/${NAMESPACE}/credentialsbindings`, {
    metadata: { name: "credentials" },
    provider: { type: "local" },
    credentialsRef: { apiVersion: "v1", kind: "Secret", namespace: NAMESPACE, name: "credentials" },
  });
  await create(`${CORE}/cloudprofiles`, profileObject(PROFILE));
  // A new CloudProfile loses its expired versions; an update brings them in.
  const versions = { kubernetes: { versions: KUBERNETES_VERSIONS }, machineImages: MACHINE_IMAGES };
  expectCode(await admin.patch(`${CORE}/cloudprofiles/${PROFILE}`, "merge", { spec: versions }), 200);
}

export function profileObject(name: string, spec: Readonly<Record<string, JsonValue>> = {}): JsonValue {
  return {
    apiVersion: "core.gardener.cloud/v1beta1",
    kind: "CloudProfile",
    metadata: { name },
    spec: {
      type: "local",
      kubernetes: { versions: KUBERNETES_VERSIONS },
      machineImages: MACHINE_IMAGES,
      machineTypes: [
        { name: "small", cpu: "2", gpu: "0", memory: "8Gi", architecture: "amd64" },
        { name: "arm", cpu: "2", gpu: "0", memory: "8Gi", architecture: "arm64" },
      ],
      volumeTypes: [{ name: "standard", class: "standard" }],
      regions: [{ name: "local", zones: [{ name: "a" }, { name: "b" }] }],
      ...spec,
    },
  };
}

export function shootObject(name: string, spec: ShootSpec = {}): JsonValue {
  const kubernetes = look(spec.more).at("kubernetes");
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

export interface Operation {
  readonly state: string;
  readonly type?: string;
  readonly generation?: number;
}

/** Writes what a gardenlet would: an operation in a state, for the present generation. */
export async function operation(
  admin: Api,
  path: string,
  { state, type = "Reconcile" }: Operation,
): Promise<void> {
  const { body } = await admin.get(path);
  const status = {
    technicalID: "shoot--contract--x",
    uid: body.text("metadata", "uid"),
    gardener: { id: "x", name: "contract", version: "v1.150.0" },
    hibernated: false,
    observedGeneration: body.at("metadata", "generation"),
    lastOperation: {
      type,
      state,
      progress: state === "Succeeded" ? 100 : 50,
      description: "Written by the contract suite.",
      lastUpdateTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    },
  };
  expectCode(await admin.patch(`${path}/status`, "merge", { status }), 200);
}

function expectCode(answer: Answer, code: number): void {
  if (answer.code === code) return;
  throw new Error(`expected ${String(code)}, got ${String(answer.code)}: ${JSON.stringify(answer.body.raw)}`);
}

/** A real API server's admission sees what it needs through informers, a moment later. */
const NOT_YET = /not found|could not find|non-registered|not yet ready|no project/i;
const TIMEOUT_MS = 15_000;

export async function patiently(call: () => Promise<Answer>): Promise<Answer> {
  for (const start = Date.now(); ;) {
    const answer = await call();
    if (answer.code < 400 || !NOT_YET.test(answer.body.text("message")) || Date.now() - start > TIMEOUT_MS) {
      return answer;
    }
    await sleep(50);
  }
}
