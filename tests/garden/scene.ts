/** The real Gardener with the sandbox's gardenlet and the sandbox's world: one Shoot, garden-demo/web. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../../sandbox/client";
import { startGardenlet } from "../../sandbox/gardenlet/gardenlet";
import { at, type JsonMap, map, mapsAt, textAt } from "../../sandbox/json";
import { profile } from "../../sandbox/fixtures/demo";
import { type GardenScene, sceneOn } from "../engine/scene";
import { startRealGarden, type RealGarden } from "./garden";
import { CORE, createCloudProfile, createProject, createShoot, prepareGarden, shootObject } from "./world";

const TIMEOUT_MS = 60_000;

/** With the garden itself, for those who reach behind the scene. */
export interface RealScene extends GardenScene {
  readonly real: RealGarden;
}

/** @param timing of the gardenlet's work and of the dates that it writes. */
export async function setRealScene(
  timing: { readonly speed?: number; readonly now?: () => Date } = {},
): Promise<RealScene> {
  const real = await startRealGarden();
  const garden = real.admin.client;
  const gardenlet = startGardenlet({
    garden,
    cluster: async (shoot) => (await real.clusterFor(shoot)).writer,
    speed: 50,
    publishAccess: true,
    ...timing,
  });
  const close = async () => {
    await gardenlet.stop();
    await real.stop();
  };
  const reconciled = async () => {
    for (const end = Date.now() + TIMEOUT_MS; ;) {
      const { items } = await garden.list(`${CORE}/shoots`);
      if (items.every(isReconciled)) return;
      if (Date.now() > end) throw new Error(`The Shoots never came to rest: ${JSON.stringify(items)}`);
      await sleep(100);
    }
  };
  try {
    const now = new Date();
    await prepareGarden(garden, ["gardenlinux", "suse-chost"]);
    await createCloudProfile(garden, "local", {
      kubernetes: map(at(profile(now), "spec", "kubernetes")),
      machineImages: mapsAt(profile(now), "spec", "machineImages"),
    });
    const namespace = await createProject(garden, "demo");
    const image = { name: "gardenlinux", version: "1592.10.0" };
    await createShoot(
      garden,
      namespace,
      shootObject("web", {
        cloudProfile: "local",
        kubernetesVersion: "1.33.4",
        workers: [{ name: "pool-a", minimum: 3, maximum: 3, machine: { image } }],
        more: { maintenance: { timeWindow: farOff(now) } },
      }),
    );
    await letAdministratorsIn((await real.clusterFor({ namespace, name: "web" })).admin);
    await reconciled();
    const scene = await sceneOn({
      garden,
      kubeconfig: await readFile(real.admin.kubeconfig, "utf8"),
      addUser: async (name, rules) =>
        readFile((await real.addUser(name, { namespace, rules })).kubeconfig, "utf8"),
      reconciled,
      close,
    });
    return { ...scene, real };
  } catch (error) {
    await close();
    throw error;
  }
}

/** As gardenlet does in every Shoot, for the user of an adminkubeconfig. */
async function letAdministratorsIn(shoot: Client): Promise<void> {
  const apiGroup = "rbac.authorization.k8s.io";
  await shoot.create(`/apis/${apiGroup}/v1/clusterrolebindings`, {
    metadata: { name: "gardener.cloud:system:admins" },
    roleRef: { apiGroup, kind: "ClusterRole", name: "cluster-admin" },
    subjects: ["gardener.cloud:system:admins", "gardener.cloud:project:admins"].map((name) => ({
      apiGroup,
      kind: "Group",
      name,
    })),
  });
}

/** Maintenance runs when a test requests it. */
function farOff(now: Date): JsonMap {
  const hour = (offset: number) => `${String((now.getUTCHours() + offset) % 24).padStart(2, "0")}0000+0000`;
  return { begin: hour(12), end: hour(13) };
}

function isReconciled(shoot: JsonMap): boolean {
  const conditions = mapsAt(shoot, "status", "conditions");
  return (
    at(shoot, "status", "observedGeneration") === at(shoot, "metadata", "generation") &&
    textAt(shoot, "status", "lastOperation", "state") === "Succeeded" &&
    conditions.length > 0 &&
    conditions.every(({ status }) => status === "True")
  );
}
