/** The objects in the garden before the first test: created through its API, so that any garden accepts them. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Api, api, type JsonValue } from "./api";
import type { GardenUnderTest } from "./garden";
import { KUBERNETES_VERSIONS, MACHINE_IMAGES, PROFILE, profileObject } from "./profile";
import { NAMESPACE, shootObject, type ShootSpec } from "./shoots";

export const CORE = "/apis/core.gardener.cloud/v1beta1";
const SECURITY = "/apis/security.gardener.cloud/v1alpha1";
const PROJECT = "contract";
export const SHOOTS = `${CORE}/namespaces/${NAMESPACE}/shoots`;

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
    const answer = await retryUntilKnown(() => admin.post(SHOOTS, shootObject(name, spec)));
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
    const answer = await retryUntilKnown(() => admin.post(path, body));
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

export async function retryUntilKnown(call: () => Promise<Answer>): Promise<Answer> {
  for (const start = Date.now(); ;) {
    const answer = await call();
    if (answer.code < 400 || !NOT_YET.test(answer.body.text("message")) || Date.now() - start > TIMEOUT_MS) {
      return answer;
    }
    await sleep(50);
  }
}
