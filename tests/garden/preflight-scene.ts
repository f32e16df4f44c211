/** A Shoot with its own real kube-apiserver and disruption controller, examined with the rights of Gardener's viewers. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Garden } from "../../provider/garden/garden";
import { openGarden } from "../../provider/garden/open";
import type { Access, PreflightCheck } from "../../provider/model/enums";
import type { PreflightResult } from "../../provider/model/preflight";
import type { ShootRef } from "../../provider/model/shoot";
import { rollOfAllNodes, runPreflight } from "../../provider/preflight";
import type { Work } from "../../provider/preflight/work";
import { type Client, isApiError } from "../../sandbox/client";
import { at, type JsonMap, mapsAt, textAt } from "../../sandbox/json";
import { setRealScene, type RealScene } from "./scene";
import { CORE, eventually } from "./world";

export const ref = { namespace: "garden-demo", name: "web" };
export const core = "/api/v1/namespaces/shop";
export const policy = "/apis/policy/v1/namespaces/shop/poddisruptionbudgets";
const apps = "/apis/apps/v1/namespaces/shop";
export const shootPath = `${CORE}/namespaces/${ref.namespace}/shoots/${ref.name}`;

export interface Examined {
  /** Another Shoot. */
  readonly of?: ShootRef;
  readonly work?: Partial<Work>;
  readonly access?: Access;
}

/** The real API server is of 1.36; the next minor removes a version that it serves. */
export const to137: Examined = { work: { minors: ["1.37"], kubernetesVersion: "1.37.0" } };

export interface PreflightScene {
  readonly scene: RealScene;
  readonly garden: Garden;
  /** May everything in the Shoot. */
  readonly shoot: Client;
  /** Names of its nodes. */
  readonly nodes: readonly string[];
  examine(more?: Examined): Promise<PreflightResult>;
  /** A change of rights takes effect some time after it is written. */
  examineUntil(holds: (found: PreflightResult) => boolean, more?: Examined): Promise<PreflightResult>;
}

async function setPreflightScene(): Promise<PreflightScene> {
  const scene = await setRealScene();
  const shoot = (await scene.real.clusterFor(ref)).admin;
  const garden = await openGarden(
    { kubeconfig: scene.real.admin.kubeconfig },
    { config: () => undefined, env: {} },
  );
  const nodes = (await shoot.list("/api/v1/nodes")).items.map((node) => textAt(node, "metadata", "name"));
  await shoot.create("/api/v1/namespaces", { metadata: { name: "shop" } });

  async function examine(examined: Examined = {}): Promise<PreflightResult> {
    const { work = {}, access = "viewer", of = ref } = examined;
    const live = await garden.getShoot(of);
    return runPreflight(garden, live, { ...rollOfAllNodes(live), ...work }, { access, now: new Date() });
  }
  return {
    scene,
    garden,
    shoot,
    nodes,
    examine,
    async examineUntil(holds, more) {
      for (const end = Date.now() + 20_000; ;) {
        const found = await examine(more);
        if (holds(found)) return found;
        if (Date.now() > end) throw new Error(`It never came about: ${JSON.stringify(found.checks)}`);
        await sleep(100);
      }
    },
  };
}

/** One scene for all tests of a suite. @param use is called with it before the first one. */
export function usePreflightScene(use: (scene: PreflightScene) => void | Promise<void>): void {
  let scene: PreflightScene;
  before(async function () {
    this.timeout(120_000);
    scene = await setPreflightScene();
    await use(scene);
  });
  after(async function () {
    this.timeout(60_000);
    await scene.scene.close();
  });
}

export function rules({ findings }: PreflightResult, check: PreflightCheck): readonly string[] {
  return findings
    .filter((finding) => finding.check === check)
    .map(({ rule, severity, object }) => `${severity} ${rule} ${object.name}`);
}

export function outcomeOf({ checks }: PreflightResult, check: PreflightCheck): string | undefined {
  return checks.find((result) => result.check === check)?.outcome;
}

export interface PodOf {
  readonly node: string | undefined;
  readonly ready?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly metadata?: object;
  readonly spec?: object;
}

export async function createPod(
  shoot: Client,
  name: string,
  { node, ready = true, labels = { app: "cart" }, metadata = {}, spec = {} }: PodOf,
): Promise<void> {
  await shoot.create(`${core}/pods`, {
    metadata: { name, labels, ...metadata },
    spec: { nodeName: node, containers: [{ name: "main", image: "shop.example/main:1" }], ...spec },
  });
  const status = { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] };
  await shoot.patch(`${core}/pods/${name}/status`, "merge", { status });
}

/** No controller of it runs: its pods are created here, one for each entry, ready or not. */
export async function createReplicas(
  shoot: Client,
  name: string,
  nodes: readonly string[],
  ready: readonly boolean[],
  {
    kind = "ReplicaSet",
    spec = {},
  }: { readonly kind?: "ReplicaSet" | "StatefulSet"; readonly spec?: object } = {},
): Promise<readonly string[]> {
  const labels = { app: name };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: "main", image: "shop.example/main:1" }] },
  };
  const path = `${apps}/${kind.toLowerCase()}s`;
  const set = await shoot.create(path, {
    metadata: { name },
    spec: { replicas: ready.length, selector: { matchLabels: labels }, template },
  });
  if (kind === "StatefulSet") {
    const status = { replicas: ready.length, readyReplicas: ready.filter((one) => one).length };
    await shoot.patch(`${path}/${name}/status`, "merge", { status });
  }
  const ownerReferences = [
    {
      apiVersion: "apps/v1",
      kind,
      name,
      uid: textAt(set, "metadata", "uid"),
      controller: true,
    },
  ];
  const names = ready.map((_, index) => `${name}-${String(index + 1)}`);
  await Promise.all(
    names.map((pod, index) =>
      createPod(shoot, pod, {
        node: nodes[index % nodes.length],
        ready: ready[index] ?? false,
        labels,
        metadata: { ownerReferences },
        spec,
      }),
    ),
  );
  return names;
}

/** All that the helpers above have created. */
export async function deleteWorkloads(shoot: Client): Promise<void> {
  for (const path of [`${apps}/replicasets`, `${apps}/statefulsets`]) await shoot.delete(path);
  await shoot.delete(`${core}/pods?gracePeriodSeconds=0`);
}

/** Changes the Shoot's only worker pool in the garden. */
export async function changePool({ scene }: PreflightScene, changes: JsonMap): Promise<void> {
  const { client } = scene.real.admin;
  const [pool] = mapsAt(await client.get(shootPath), "spec", "provider", "workers");
  await client.patch(shootPath, "merge", { spec: { provider: { workers: [{ ...pool, ...changes }] } } });
  await scene.reconciled();
}

/** Until the real disruption controller has written its status, for as many pods. */
export async function createBudget(
  shoot: Client,
  name: string,
  spec: object,
  pods: number,
  app = name,
): Promise<void> {
  await shoot.create(policy, { metadata: { name }, spec: { selector: { matchLabels: { app } }, ...spec } });
  await budgetObserved(shoot, name, pods);
}

export async function budgetObserved(shoot: Client, name: string, pods: number): Promise<void> {
  await eventually(
    shoot,
    `${policy}/${name}`,
    (budget) =>
      at(budget, "status", "observedGeneration") === at(budget, "metadata", "generation") &&
      at(budget, "status", "expectedPods") === pods,
  );
}

/** What the API server answers to the eviction, which does not take place. */
export async function tryEviction(shoot: Client, pod: string): Promise<"evicted" | "refused"> {
  try {
    await shoot.create(`${core}/pods/${pod}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { namespace: "shop", name: pod },
      deleteOptions: { dryRun: ["All"] },
    });
    return "evicted";
  } catch (error) {
    // 429 for a budget, 500 for several.
    if (isApiError(error, 429) || isApiError(error, 500)) return "refused";
    throw error;
  }
}
