/**
 * The real Gardener API server with Shoots that are reconciled: their status is written here, since no gardenlet is
 * needed for a preview. No Shoot has an API of its own, so the user gets no kubeconfig for one. Requests are not counted.
 */
import { readFile } from "node:fs/promises";
import type { Client } from "../sandbox/client";
import { startRealGarden } from "../tests/garden/garden";
import {
  CORE,
  createCloudProfile,
  createProject,
  createShoot,
  prepareGarden,
  shootObject,
} from "../tests/garden/world";
import { projectNames, shootNames } from "./names";
import { WITHOUT_CLUSTERS } from "./rights";
import { RUNS, TARGET } from "./versions";

async function main(): Promise<void> {
  const [shoots = 1, , projects = 1] = process.argv.slice(2).map(Number);
  const starting = startRealGarden({ log: (line) => process.stderr.write(`${line}\n`) });
  process.on("disconnect", () => void starting.then(({ stop }) => stop()).finally(() => process.exit()));
  const garden = await starting;
  await populate(garden.admin.client, projectNames(projects), shootNames(shoots));
  const { kubeconfig } = await garden.addUser("without-clusters", { clusterRules: WITHOUT_CLUSTERS });
  process.send?.({ kubeconfig: await readFile(kubeconfig, "utf8"), url: garden.url });
  process.on("message", () => process.send?.({ requests: [] }));
}

async function populate(client: Client, projects: readonly string[], shoots: readonly string[]) {
  await prepareGarden(client, ["gardenlinux"]);
  await createCloudProfile(client, "bench", {
    kubernetes: { versions: [TARGET, RUNS].map((version) => ({ version, classification: "supported" })) },
    machineImages: [
      {
        name: "gardenlinux",
        updateStrategy: "minor",
        versions: [{ version: "1592.10.0", classification: "supported" }],
      },
    ],
  });
  for (const project of projects) {
    const namespace = await createProject(client, project);
    for (const shoot of shoots) await createReconciled(client, namespace, shoot);
  }
}

async function createReconciled(client: Client, namespace: string, name: string): Promise<void> {
  const machine = { image: { name: "gardenlinux", version: "1592.10.0" } };
  const spec = {
    cloudProfile: "bench",
    kubernetesVersion: RUNS,
    workers: [{ name: "pool-1", machine }],
    more: { maintenance: { timeWindow: laterWindow() } },
  };
  await createShoot(client, namespace, shootObject(name, spec));
  const now = new Date().toISOString();
  const condition = { status: "True", reason: "Bench", message: "healthy", lastTransitionTime: now };
  const types = ["APIServerAvailable", "ControlPlaneHealthy", "EveryNodeReady", "SystemComponentsHealthy"];
  await client.patch(`${CORE}/namespaces/${namespace}/shoots/${name}/status`, "merge", {
    status: {
      observedGeneration: 1,
      lastOperation: {
        type: "Create",
        state: "Succeeded",
        progress: 100,
        description: "created",
        lastUpdateTime: now,
      },
      conditions: types.map((type) => ({ ...condition, type, lastUpdateTime: now })),
      advertisedAddresses: [{ name: "external", url: `https://api.${name}.example.com` }],
    },
  });
  await client.create(`/api/v1/namespaces/${namespace}/configmaps`, {
    metadata: { name: `${name}.ca-cluster`, labels: { "gardener.cloud/role": "ca-cluster" } },
    data: { "ca.crt": "none" },
  });
}

/** Twelve hours from now: where none is given it is at random, and of a hundred Shoots a few would be in maintenance. */
function laterWindow() {
  const hour = (later: number) => new Date(Date.now() + later * 3_600_000).toISOString().slice(11, 13);
  return { begin: `${hour(12)}0000+0000`, end: `${hour(13)}0000+0000` };
}

main().catch((error: unknown) => {
  // What fails because the garden is being stopped must not end this process before it has removed what it keeps.
  if (process.connected) throw error;
});
