import { expect } from "chai";
import { check, create, update } from "../../../provider/lifecycle";
import type { ShootNode } from "../../../provider/garden/garden";
import { aLastOperation } from "../builders";
import { aBudget, aNode, aPod, fill } from "../preflight/scene";
import { fakeClock, quiet } from "../rollout/clock";
import { aContext, FakeGarden, nextVersion } from "../support/fakeGarden";

const MINUTE = 60_000;
const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const shoot = { id: "garden-demo/web" };
/** As long as Gardener and Deployments make them. */
const NODE = "shoot--production--web-pool-a-z1-7d4f8-x9k2p";
const POD = "shopping-cart-backend-6b8f9c7d44-x2v9q";
const CAUSE = `node ${NODE}: PodDisruptionBudget shop/cart does not allow the eviction of Pod shop/${POD} (1 healthy, 1 must be)`;

const node: ShootNode = {
  name: NODE,
  pool: "pool-a",
  kubeletVersion: "1.33.4",
  osImage: "Garden Linux 1592.10.0",
  ready: true,
  created: new Date("2026-10-01T00:00:00Z"),
};

/** A rollout of which the drain of a node waits for a budget. */
async function standStill() {
  const garden = new FakeGarden();
  garden.reconcilesAtOnce = false;
  garden.nodes = [node];
  const clock = fakeClock();
  const context = { ...aContext(garden), clock };
  const run = { reportTo: urn, preview: false };
  const adopted = await check(
    context,
    {},
    { declaration: { shoot, kubernetes: { version: "1.33.4" } }, run },
  );
  const { outs } = await create(context, adopted.inputs);
  const declaration = { shoot, kubernetes: { version: "1.34" }, rollout: { progressDeadline: "30m" } };
  const { inputs } = await check(context, adopted.inputs, { declaration, run });
  fill(garden, {
    nodes: [aNode(NODE, { spec: { unschedulable: true } })],
    pods: [aPod(POD, { node: NODE })],
    budgets: [aBudget({ status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1 } })],
  });
  let failure: unknown;
  const ended = update(context, outs, inputs).catch((error: unknown) => {
    failure = error;
  });
  await quiet();
  await clock.advance(MINUTE);
  const live = await garden.getShoot();
  garden.shoot = {
    ...live,
    resourceVersion: nextVersion(live),
    observedGeneration: live.generation,
    lastOperation: aLastOperation({ state: "Processing", progress: 40, lastUpdateTime: clock.now() }),
  };
  const { shoot: seen } = garden;
  garden.watches.forEach((watch) => watch.send({ kind: "seen", shoot: seen }));
  await quiet();
  return { context, clock, ended, failure: () => failure };
}

describe("an update whose rollout stands still", () => {
  it("shows the node, the pod and the budget while it waits, and fails with them", async () => {
    const { context, clock, ended, failure } = await standStill();
    await clock.advance(7 * MINUTE);
    const shown = context.messages.filter(({ severity }) => severity === "status").at(-1);
    expect(shown?.message).to.contain(CAUSE);
    await clock.advance(30 * MINUTE);
    await ended;
    expect(failure()).to.include({ code: "GU054" });
    expect(String(failure())).to.contain(`The drain stands still: ${CAUSE}.`);
  });
});
