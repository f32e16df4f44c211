import { expect } from "chai";
import type { ShootNode } from "../../../provider/garden/garden";
import { check, create, diff, read, update } from "../../../provider/lifecycle";
import { FIELD_MANAGER, type Shoot } from "../../../provider/model/shoot";
import { aMaintenance, aPool, aShoot, everyCapability, NOW } from "../builders";
import { quiet } from "../rollout/clock";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const ID = "garden-demo/web";

function node(kubeletVersion: string, osImage = "Garden Linux 1592.10.0"): ShootNode {
  return { name: "n1", pool: "pool-a", kubeletVersion, osImage, ready: true, created: NOW };
}

/** Somebody has written 1.33.9, and Gardener's last operation is a success. */
function raised(manager: string, parts: Partial<Shoot> = {}): Shoot {
  return aShoot({
    kubernetesVersion: "1.33.9",
    owners: [{ manager, operation: "Update", field: "spec.kubernetes.version" }],
    ...parts,
  });
}

function withImage(version: string): Shoot {
  return aShoot({
    workers: [aPool({ machineImage: { name: "gardenlinux", version } })],
    owners: [
      {
        manager: FIELD_MANAGER,
        operation: "Update",
        field: "spec.provider.workers[pool-a].machine.image.version",
      },
    ],
  });
}

describe("a Shoot whose spec has versions that nobody has verified", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    garden.nodes = [node("1.33.4")];
    context = aContext(garden);
  });

  const request = (more: object = {}) => ({
    declaration: { shoot: { id: ID }, kubernetes: { version: "1.33" }, ...more },
    run: { reportTo: urn, preview: false },
  });

  /** A stack that has adopted the Shoot at 1.33.4, in a new process. */
  async function adopted(more: object = {}) {
    const { inputs } = await check(context, {}, request(more));
    const { outs } = await create(context, inputs);
    context = aContext(garden);
    garden.nodeReads = 0;
    return { inputs, state: outs };
  }

  async function nextRun(old: { inputs: unknown; state: unknown }, more: object = {}) {
    const { inputs } = await check(context, old.inputs, request(more));
    return { inputs, diff: await diff(context, old.state, inputs) };
  }

  it("has its nodes awaited by the run after one that failed to verify them", async () => {
    const old = await adopted();
    garden.shoot = raised(FIELD_MANAGER);
    const next = await nextRun(old);
    expect(next.diff.changes).not.to.equal(false);
    const failure = update(context, old.state, next.inputs).catch((error: unknown) => error);
    while (garden.nodeWatches.size === 0) await quiet();
    garden.watches.forEach((watch) => watch.end());
    expect(await failure).to.be.instanceOf(Error);
  });

  it("is up to date once the nodes run them", async () => {
    const old = await adopted();
    garden.shoot = raised(FIELD_MANAGER);
    garden.nodes = [node("1.33.9")];
    const { inputs } = await nextRun(old);
    expect((await update(context, old.state, inputs)).outs.state).to.equal("upToDate");
  });

  it("is not up to date for a refresh while a node is older, so that the next run still awaits it", async () => {
    const old = await adopted();
    garden.shoot = raised(FIELD_MANAGER);
    const { props } = await read(context, ID, old.state);
    expect([props?.state, props?.kubernetesVersion]).to.deep.equal(["inProgress", "1.33.4"]);
  });

  it("is not up to date while a node has the image from before", async () => {
    const old = await adopted({ kubernetes: { version: "1.33.4" } });
    garden.shoot = withImage("1592.14.0");
    garden.nodes = [node("1.33.4", "Garden Linux 1592.10")];
    expect((await read(context, ID, old.state)).props?.state).to.equal("inProgress");
    garden.nodes = [node("1.33.4", "Garden Linux 1592.14")];
    expect((await read(context, ID, old.state)).props?.state).to.equal("upToDate");
  });

  it("is not awaited where another client has raised them, and not called up to date either", async () => {
    const old = await adopted();
    garden.shoot = raised("gardener-controller-manager");
    expect((await nextRun(old)).diff.changes).to.equal(false);
    expect((await read(context, ID, old.state)).props?.state).to.equal("inProgress");
  });

  it("is not awaited where the program does not wait", async () => {
    const old = await adopted();
    garden.shoot = raised(FIELD_MANAGER);
    expect((await nextRun(old, { rollout: { wait: false } })).diff.changes).to.equal(false);
  });

  it("is taken as complete where the nodes are not visible and the garden reports generations", async () => {
    const old = await adopted();
    garden.shoot = raised(FIELD_MANAGER);
    garden.nodes = undefined;
    const { diff: found, inputs } = await nextRun(old);
    expect(found).to.deep.equal({ changes: true });
    expect((await update(context, old.state, inputs)).outs.state).to.equal("upToDate");
    expect(garden.watches.size).to.equal(0);
  });

  it("is not taken as complete where the nodes are not visible and the garden reports no generations", async () => {
    garden.capabilities = { ...everyCapability, optimisticLocking: false };
    const old = await adopted();
    garden.shoot = raised(FIELD_MANAGER, { owners: undefined });
    garden.nodes = undefined;
    expect((await nextRun(old)).diff.changes).not.to.equal(false);
  });

  it("is pending, not awaited, while it keeps changes for its maintenance window", async () => {
    const old = await adopted();
    garden.shoot = raised(FIELD_MANAGER, { maintenance: aMaintenance({ confineSpecUpdateRollout: true }) });
    expect((await nextRun(old)).diff.changes).to.equal(false);
    expect((await read(context, ID, old.state)).props?.state).to.equal("pending");
  });

  it("is not called up to date by an adoption that finds older nodes", async () => {
    garden.nodes = [node("1.33.2")];
    const { state } = await adopted({ kubernetes: { version: "1.33.4" } });
    expect(state.state).to.equal("inProgress");
  });

  it("has no node read while the spec is what was verified", async () => {
    const old = await adopted();
    await nextRun(old);
    await read(context, ID, old.state);
    expect(garden.nodeReads).to.equal(0);
  });

  it("has its nodes read once by diff and update while it does not change", async () => {
    const old = await adopted();
    garden.shoot = raised("gardener-controller-manager");
    const { inputs } = await nextRun(old);
    expect(garden.nodeReads).to.equal(1);
    await update(context, old.state, inputs);
    expect(garden.nodeReads).to.equal(1);
  });

  it("has its nodes read again by update once it has changed", async () => {
    const old = await adopted();
    garden.shoot = raised("gardener-controller-manager");
    const { inputs } = await nextRun(old);
    garden.shoot = raised("gardener-controller-manager", { resourceVersion: "1001" });
    garden.nodes = [node("1.33.9")];
    expect((await update(context, old.state, inputs)).outs.state).to.equal("upToDate");
    expect(garden.nodeReads).to.equal(2);
  });

  it("has its nodes read again by update where they were not visible", async () => {
    const old = await adopted();
    garden.shoot = raised("gardener-controller-manager");
    garden.nodes = undefined;
    const { inputs } = await nextRun(old);
    garden.nodes = [node("1.33.4")];
    expect((await update(context, old.state, inputs)).outs.state).to.equal("inProgress");
  });

  it("has no old node in one that has not reported its version yet", async () => {
    const old = await adopted();
    garden.shoot = raised(FIELD_MANAGER);
    garden.nodes = [node("1.33.9"), node("")];
    expect((await read(context, ID, old.state)).props?.state).to.equal("upToDate");
  });
});
