import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { fastClock } from "../faults/clock";
import { describe as describeDisturbance } from "../faults/faults";
import type { History, Moment } from "../faults/history";
import { SHOOT } from "../faults/others";
import { explain, runSeed } from "../faults/run";
import { scheduleOf, type GardenKind } from "../faults/schedule";
import { createWorld, type Site, type World, type WorldHands } from "../faults/world";
import type { Client } from "../../sandbox/client";
import { textAt, type JsonMap } from "../../sandbox/json";
import { setRealScene } from "./scene";
import { describeReal } from "./suite";

/** The garden's own processes keep the wall's time: the provider's clock runs ahead of them by less. */
const SPEED = 20;
const GARDENLET_SPEED = 10;
const SHOOTS = SHOOT.slice(0, SHOOT.lastIndexOf("/"));
const SHOOT_REF = { namespace: "garden-demo", name: "web" };
const RUNS = 6;

/** Sets without what the real one does not take: the removal of a finalizer by hand. */
const SEEDS = Array.from({ length: 100 }, (_, index) => 2001 + index)
  .filter((seed) => {
    const { garden, disturbances } = scheduleOf(seed);
    return garden === "gardener" && disturbances.every(({ effect }) => !isRecreation(effect));
  })
  .slice(0, RUNS);

function isRecreation(effect: { readonly kind: string; readonly other?: string }): boolean {
  return effect.kind === "other" && effect.other === "recreation";
}

async function realWorld(_kind: GardenKind, hands: WorldHands, say: (line: string) => void): Promise<World> {
  return createWorld(await realSite(), hands, say);
}

async function realSite(): Promise<Site> {
  const clock = fastClock(SPEED);
  const scene = await setRealScene({ speed: GARDENLET_SPEED, now: clock.now });
  const { real, garden } = scene;
  const { writer } = await real.clusterFor(SHOOT_REF);
  const stop = new AbortController();
  let following: Promise<void> | undefined;
  return {
    kind: "gardener",
    clock,
    admin: garden,
    shootApi: writer.access.server,
    upstream: {
      url: real.url,
      ca: real.ca,
      client: { certificate: real.admin.certificate, key: real.admin.key },
    },
    // What the proxy is called with does not matter: it calls with the administrator's certificate.
    credentials: { kind: "token", token: "token-of-the-provider" },
    secrets: ["token-of-the-provider"],
    async follow(add) {
      add({ object: await garden.get(SHOOT), type: "ADDED" });
      following = follow(garden.watch(SHOOTS, stop.signal), add);
    },
    nodes: () => writer.listNodes(),
    historyIsCurrent: (history) => awaitCurrent(garden, history),
    reconciled: () => scene.reconciled(),
    async close() {
      stop.abort();
      await following;
      await scene.close();
    },
  };
}

/** The provider and the history have watches of their own, and either may be the first to hear of a change. */
async function awaitCurrent(garden: Client, { moments }: History): Promise<void> {
  const { items } = await garden.list(SHOOTS);
  const [newest] = items.map((object) => textAt(object, "metadata", "resourceVersion"));
  const isCurrent = (): boolean => {
    const last = moments.at(-1);
    return newest === undefined ? last?.gone === true : last !== undefined && isAtLeast(last, newest);
  };
  for (let attempt = 0; attempt < 500 && !isCurrent(); attempt++) await sleep(10);
}

/** The real API server's are numbers that increase. */
function isAtLeast({ shoot }: Moment, resourceVersion: string): boolean {
  return Number(shoot.resourceVersion) >= Number(resourceVersion);
}

async function follow(
  events: ReturnType<Awaited<ReturnType<typeof setRealScene>>["garden"]["watch"]>,
  add: History["add"],
): Promise<void> {
  let previous: JsonMap | undefined;
  const see = (object: JsonMap, type: string): void => {
    add({ object, previous, type });
    previous = type === "DELETED" ? undefined : object;
  };
  for await (const event of events) {
    if (event.kind === "listed") for (const object of event.items) see(object, "MODIFIED");
    else see(event.object, event.kind === "deleted" ? "DELETED" : "MODIFIED");
  }
}

describeReal("On the real Gardener", () => {
  describe("whatever goes wrong between provider and garden, every invariant holds", function () {
    this.timeout(180_000);

    for (const seed of SEEDS) {
      const { disturbances } = scheduleOf(seed);
      it(`with seed ${seed}: ${disturbances.map(describeDisturbance).join("; ")}`, async () => {
        const report = await runSeed(seed, realWorld);
        expect(report.violations, explain(report)).to.deep.equal([]);
      });
    }
  });
});
