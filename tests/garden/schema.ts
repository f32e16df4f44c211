/** `npm run schema`: writes the sandbox's data file from the real Gardener of this machine. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "../../sandbox/client";
import { at, clone, type JsonMap, map, without } from "../../sandbox/json";
import { added, discoveryPath, fieldTables, SERVED, servedResources } from "../../tools/sandbox-schema";
import { type RealGarden, startRealGarden } from "./garden";
import { CORE, createCloudProfile, createProject, createShoot, prepareGarden, shootObject } from "./world";

export const SCHEMA_FILE = join(__dirname, "..", "..", "sandbox", "api", "gardener.json");

const KUBERNETES = "1.34.3";
const WORKER = {
  name: "pool",
  machine: { type: "small", architecture: "amd64", image: { name: "gardenlinux", version: "1.0.0" } },
};

/** The text of the data file. */
export async function readSchema(garden: RealGarden): Promise<string> {
  const { client } = garden.admin;
  const resources: JsonMap = {};
  for (const groupVersion of Object.keys(SERVED)) {
    resources[groupVersion] = servedResources(groupVersion, await client.get(discoveryPath(groupVersion)));
  }
  const { definitions } = await client.get("/openapi/v2");
  const types = fieldTables(map(definitions));
  return `${JSON.stringify({ resources, types, defaults: await readDefaults(client) })}\n`;
}

/** What the API server adds to Shoots of which only the necessary is sent. */
async function readDefaults(client: Client): Promise<JsonMap> {
  await prepareGarden(client, ["gardenlinux"]);
  await createCloudProfile(client, "local", {
    kubernetes: { versions: [{ version: KUBERNETES }] },
    machineImages: [
      { name: "gardenlinux", versions: [{ version: "1.0.0", inPlaceUpdates: { supported: true } }] },
    ],
  });
  const namespace = await createProject(client, "demo");
  const minimal = (workers: readonly JsonMap[]) =>
    shootObject("web", { cloudProfile: "local", kubernetesVersion: KUBERNETES, workers });
  // Admission has seen the CloudProfile and the project once it has accepted a Shoot.
  await createShoot(client, namespace, { ...minimal([WORKER]), metadata: { name: "first" } });
  const shoots = `${CORE}/namespaces/${namespace}/shoots`;
  const create = async (sent: JsonMap) =>
    map(at(added(sent, await client.create(shoots, sent, { dryRun: true })), "spec"));

  const pools: JsonMap = {};
  for (const updateStrategy of ["", "AutoInPlaceUpdate", "ManualInPlaceUpdate"]) {
    const sent = minimal([updateStrategy === "" ? WORKER : { ...WORKER, updateStrategy }]);
    const stored = await client.create(shoots, sent, { dryRun: true });
    const [of, now = null] = [sent, stored].map((shoot) => at(shoot, "spec", "provider", "workers", 0));
    pools[updateStrategy || "AutoRollingUpdate"] = added(of, now) ?? {};
  }
  const shoot = await create(minimal([WORKER]));
  const workerless = without(map(minimal([]).spec), "credentialsBindingName");
  const spec = { ...workerless, networking: {}, provider: { type: "local" } };
  return {
    shoot: withoutWindow(shoot),
    workerless: withoutWindow(await create({ ...minimal([]), spec })),
    pools,
  };
}

/** The maintenance window is a random one. */
function withoutWindow(spec: JsonMap): JsonMap {
  const kept = clone(spec);
  delete map(kept.maintenance).timeWindow;
  return kept;
}

async function main(): Promise<void> {
  const garden = await startRealGarden();
  try {
    writeFileSync(SCHEMA_FILE, await readSchema(garden));
  } finally {
    await garden.stop();
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
