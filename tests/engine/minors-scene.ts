/** The Shoot garden-demo/web several minors behind, with a record of its writes and of the nodes that are created. */
import { expect } from "chai";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { textAt, at, type JsonMap } from "../../sandbox/json";
import { cloudProfile, project, shoot, type ShootSpec } from "../../sandbox/fixtures/objects";
import type { SandboxOptions } from "../../sandbox/sandbox";
import { CLOUD_PROFILE, PROJECT, type World } from "../../sandbox/fixtures/demo";
import { repository } from "../../tools/engine/project";
import { openStack, type Stack } from "../../tools/engine/stack";
import { descendants, signal } from "../../tools/processes";
import { ROLLOUT_ANNOTATION } from "../../provider/model/shoot";
import { cleuraEnvironment } from "./cleuraEnvironment";
import { setScene, SHOOTS, type Scene } from "./scene";

export interface MinorsScene extends Scene {
  /** Names of pools, one for each node that was created since the last `forget`. */
  readonly created: string[];
  /** The Kubernetes versions of these nodes. */
  readonly kubelets: string[];
  web(): Promise<Web>;
}

export interface Web {
  readonly kubernetes: string;
  readonly pins: Readonly<Record<string, string>>;
  readonly annotation: string;
}

type Pools = ShootSpec["pools"];

const minorsBehind =
  (kubernetesVersion: string, pools: Pools): World =>
  (now) => {
    const kubernetesVersions = [
      { version: "1.35.2", classification: "supported" },
      { version: "1.34.3", classification: "supported" },
      { version: "1.33.7", classification: "supported" },
      { version: "1.32.9", classification: "deprecated" },
      { version: "1.31.9", classification: "deprecated" },
    ];
    const offered: readonly JsonMap[] = [
      { version: "1950.0.0", kubeletVersionConstraint: ">= 1.35" },
      { version: "1877.3.0" },
      { version: "1700.0.0", kubeletVersionConstraint: "< 1.34" },
      { version: "1592.10.0" },
    ];
    const versions = offered.map((one) => ({
      ...one,
      classification: "supported",
      architectures: ["amd64"],
    }));
    const images = [{ name: "gardenlinux", updateStrategy: "major", versions }];
    return [
      ...project(PROJECT),
      cloudProfile(CLOUD_PROFILE, kubernetesVersions, images, now),
      shoot(PROJECT, CLOUD_PROFILE, { name: "web", kubernetesVersion, pools }, now),
    ];
  };

/** An `up` whose engine and provider are killed as soon as that is true; the stack is unlocked afterwards. */
export async function killedUp(
  stack: Stack,
  isTime: () => boolean,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  let killed = false;
  const run = await stack.up({
    env,
    onEvent: () => {
      if (killed || !isTime()) return;
      killed = true;
      for (const { pid, command } of descendants()) {
        if (/\bpulumi up\b|dynamic-provider/.test(command)) signal(pid, "SIGKILL");
      }
    },
  });
  expect([killed, run.ok]).to.deep.equal([true, false]);
  await stack.cancel();
}

/**
 * The Shoot at that version, and a stack that declares 1.35 and an image through Cleura's API.
 * @param program instead of the repository's.
 */
export async function setMinorsOnCleura(
  kubernetesVersion: string,
  program: PulumiFn | string = repository,
  pools: Pools = [{ name: "pool-a" }],
) {
  const scene = await setMinorsScene(kubernetesVersion, pools, { cleura: true });
  const { cleura } = scene.sandbox;
  if (cleura === undefined) throw new Error("Cleura's API was requested.");
  const { region, projectId } = cleura;
  const stack = await openStack({
    program,
    engine: scene.engine,
    config: {
      "gardener:cleuraRegion": region,
      "gardener:cleuraProjectId": projectId,
      ...(program === repository && { kubernetesVersion: "1.35", machineImage: "1877.3.0" }),
    },
  });
  /** The versions that were written, one after the other; preparations and kubeconfigs are none. */
  const written = () =>
    cleura.requests.flatMap(({ method, body }) => {
      const image = textAt(body, "machine", "image_version");
      if (method === "PUT" && image !== "") return [image];
      const kubernetes = textAt(body, "kubernetes");
      return method === "PATCH" && kubernetes !== "" ? [kubernetes] : [];
    });
  return { scene, stack, cleura, written, env: await cleuraEnvironment(cleura, stack.folder) };
}

export async function setMinorsScene(
  kubernetesVersion: string,
  pools: Pools = [{ name: "pool-a" }],
  options: SandboxOptions = {},
): Promise<MinorsScene> {
  const scene = await setScene({ world: minorsBehind(kubernetesVersion, pools), ...options });
  const created: string[] = [];
  const kubelets: string[] = [];
  const cluster = await scene.sandbox.shootApis.clusterFor({ namespace: "garden-demo", name: "web" });
  const createNode = cluster.createNode.bind(cluster);
  Object.assign(cluster, {
    createNode: (node: Parameters<typeof createNode>[0]) => {
      created.push(node.labels["worker.gardener.cloud/pool"] ?? "");
      kubelets.push(node.kubeletVersion.replace(/^v/, ""));
      return createNode(node);
    },
  });
  return {
    ...scene,
    created,
    kubelets,
    async web() {
      const object = await scene.garden.get(`${SHOOTS}/web`);
      const workers = at(object, "spec", "provider", "workers");
      const list = Array.isArray(workers) ? workers : [];
      return {
        kubernetes: textAt(object, "spec", "kubernetes", "version"),
        pins: Object.fromEntries(
          list.flatMap((pool) => {
            const pin = textAt(pool, "kubernetes", "version");
            return pin === "" ? [] : [[textAt(pool, "name"), pin]];
          }),
        ),
        annotation: textAt(object, "metadata", "annotations", ROLLOUT_ANNOTATION),
      };
    },
  };
}
