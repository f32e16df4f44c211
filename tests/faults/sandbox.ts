/** The sandbox as what is behind the proxy: a Gardener API server, or Cleura's API in front of it. */
import { shoots as shootResource } from "../../sandbox/api/resource";
import { connect } from "../../sandbox/client";
import { startSandbox } from "../../sandbox/sandbox";
import { demo } from "../../sandbox/fixtures/demo";
import { fastClock } from "./clock";
import type { GardenKind } from "./schedule";
import { createWorld, type Site, type World, type WorldHands } from "./world";

/** A minute of the provider's in a second and a half. */
const SPEED = 40;
/** A roll of three nodes takes half a second, twenty on the provider's clock. */
const GARDENLET_SPEED = 10;

export async function sandboxWorld(
  kind: GardenKind,
  hands: WorldHands,
  say: (line: string) => void,
): Promise<World> {
  return createWorld(await sandboxSite(kind), hands, say);
}

async function sandboxSite(kind: GardenKind): Promise<Site> {
  const clock = fastClock(SPEED);
  const sandbox = await startSandbox({
    speed: GARDENLET_SPEED,
    now: clock.now,
    world: demo,
    ...(kind === "cleura" && { cleura: true as const }),
  });
  const { garden, cleura } = sandbox;
  const admin = connect({ url: garden.url, ca: garden.ca, token: garden.token });
  const cluster = await sandbox.shootApis.clusterFor({ namespace: "garden-demo", name: "web" });
  return {
    kind,
    clock,
    admin,
    shootApi: cluster.access.server,
    upstream: { url: (cleura ?? garden).url, ca: (cleura ?? garden).ca },
    credentials:
      cleura === undefined
        ? { kind: "token", token: garden.token }
        : {
            kind: "cleura",
            env: {
              CLEURA_REGION: cleura.region,
              CLEURA_PROJECT_ID: cleura.projectId,
              CLEURA_API_USERNAME: cleura.username,
              CLEURA_API_TOKEN: cleura.token,
            },
          },
    secrets: [garden.token, ...(cleura === undefined ? [] : [cleura.token, cleura.password])],
    follow(add) {
      for (const object of garden.store.list(shootResource)) add({ object, type: "ADDED" });
      garden.store.onChange((change) => {
        if (change.object.kind === "Shoot") add(change);
      });
      return Promise.resolve();
    },
    nodes: () => cluster.listNodes(),
    reconciled: () => sandbox.reconciled(),
    async close() {
      admin.close();
      await sandbox.stop();
    },
  };
}
