/** `npm run garden`: the real Gardener on this machine until Ctrl-C, with a world to try things in. */
import { once } from "node:events";
import { startGardenlet } from "../../sandbox/gardenlet/gardenlet";
import { NoGoError, type RealGarden, startRealGarden } from "./garden";
import { createCloudProfile, createProject, createShoot, prepareGarden, shootObject } from "./world";

async function main(): Promise<void> {
  const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const garden = await startRealGarden({ log: print });
  const gardenlet = startGardenlet({
    garden: garden.admin.client,
    cluster: async (shoot) => (await garden.clusterFor(shoot)).writer,
    speed: 1,
    publishAccess: true,
    log: print,
  });
  try {
    await populate(garden);
    print(`The real Gardener is up, with the Shoot web in the project demo. Ctrl-C ends it.`);
    process.stdout.write(`export KUBECONFIG=${garden.admin.kubeconfig}\n`);
    await interrupted;
  } finally {
    await gardenlet.stop();
    await garden.stop();
  }
}

async function populate(garden: RealGarden): Promise<void> {
  const admin = garden.admin.client;
  await prepareGarden(admin, ["gardenlinux"]);
  await createCloudProfile(admin, "local", {
    kubernetes: {
      versions: [
        { version: "1.35.1", classification: "preview" },
        { version: "1.34.3", classification: "supported" },
        { version: "1.33.7", classification: "supported" },
        { version: "1.33.4", classification: "deprecated" },
      ],
    },
    machineImages: [
      {
        name: "gardenlinux",
        updateStrategy: "minor",
        versions: [
          { version: "1877.3.0", classification: "supported" },
          { version: "1592.14.0", classification: "supported" },
          { version: "1592.10.0", classification: "deprecated" },
        ],
      },
    ],
  });
  const namespace = await createProject(admin, "demo");
  await createShoot(
    admin,
    namespace,
    shootObject("web", {
      cloudProfile: "local",
      kubernetesVersion: "1.33.4",
      workers: [
        {
          name: "pool-a",
          minimum: 3,
          maximum: 3,
          machine: { image: { name: "gardenlinux", version: "1592.10.0" } },
        },
      ],
    }),
  );
}

function print(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().catch((error: unknown) => {
  print(error instanceof NoGoError ? error.message : String(error));
  process.exitCode = 1;
});
