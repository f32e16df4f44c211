import { expect } from "chai";
import type { ShootNode } from "../../../provider/garden/garden";
import { check, create, diff, update } from "../../../provider/lifecycle";
import type { RolloutState } from "../../../provider/model/enums";
import { FIELD_MANAGER, type Shoot } from "../../../provider/model/shoot";
import type { RolloutLimiter } from "../../../provider/rollout/limiter";
import { aLastOperation, aShoot, NOW } from "../builders";
import { aContext, FakeGarden } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const ADDRESS = "https://api.web.demo.example";
const processing = aLastOperation({ state: "Processing", progress: 40 });

function node(kubeletVersion: string): ShootNode {
  return {
    name: "n1",
    pool: "pool-a",
    kubeletVersion,
    osImage: "Garden Linux 1592.10.0",
    ready: true,
    created: NOW,
  };
}

const owned = (manager: string): Shoot["owners"] => [
  { manager, operation: "Update", field: "spec.kubernetes.version" },
];

/** Its nodes become current while they are watched. */
class UpdatingGarden extends FakeGarden {
  override nodes: readonly ShootNode[] = [node("1.33.2")];

  override async openCluster() {
    const cluster = await super.openCluster();
    return cluster && { ...cluster, watchNodes: () => this.#updateNodes() };
  }

  async *#updateNodes(): AsyncIterable<readonly ShootNode[]> {
    yield await Promise.resolve(this.nodes);
    this.nodes = [node("1.33.4")];
    yield this.nodes;
  }
}

const ID = "garden-demo/web";

function request(more: object = {}) {
  return {
    declaration: { shoot: { id: ID }, kubernetes: { version: "1.33.4" }, ...more },
    run: { reportTo: urn, preview: false },
  };
}

/** A context that records the rollouts that are performed. */
function recording(garden: FakeGarden) {
  const rollouts: string[] = [];
  const context = aContext(garden);
  const rolloutLimiter: RolloutLimiter = {
    run(label, status, task) {
      rollouts.push(label);
      return context.rolloutLimiter.run(label, status, task);
    },
  };
  return { context: { ...context, rolloutLimiter }, rollouts };
}

describe('an adoption with adopt: "upgrade" of a Shoot whose spec has the target', () => {
  async function adopt(garden: FakeGarden, manager: string, more: object = {}) {
    garden.shoot = aShoot({ owners: owned(manager) });
    const { context, rollouts } = recording(garden);
    const { inputs } = await check(context, {}, request({ adopt: "upgrade", ...more }));
    const { outs } = await create(context, inputs);
    expect(garden.writes).to.deep.equal([]);
    return { state: outs.state, rollouts };
  }

  it("awaits the outdated nodes that an earlier run has left", async () => {
    const garden = new UpdatingGarden();
    expect(await adopt(garden, FIELD_MANAGER)).to.deep.equal({ state: "upToDate", rollouts: [ID] });
    expect(garden.nodes.map(({ kubeletVersion }) => kubeletVersion)).to.deep.equal(["1.33.4"]);
  });

  for (const [name, manager, more] of [
    ["the program does not await rollouts", FIELD_MANAGER, { rollout: { wait: false } }],
    ["the program only observes", FIELD_MANAGER, { adopt: "observe" }],
    ["somebody else has started their rollout", "kubectl-edit", {}],
  ] as const) {
    it(`reports outdated nodes without awaiting them where ${name}`, async () => {
      expect(await adopt(new UpdatingGarden(), manager, more)).to.deep.equal({
        state: "inProgress",
        rollouts: [],
      });
    });
  }

  it("awaits nothing where the nodes are current", async () => {
    const garden = new FakeGarden();
    garden.nodes = [node("1.33.4")];
    expect(await adopt(garden, FIELD_MANAGER)).to.deep.equal({ state: "upToDate", rollouts: [] });
  });
});

describe("the next run on a Shoot whose spec has the target", () => {
  let garden: FakeGarden;

  beforeEach(() => {
    garden = new FakeGarden();
  });

  /** The Shoot was adopted at its target and with that state recorded; then it is found like this. */
  async function nextRun(recorded: RolloutState, found: Shoot, more: object = {}) {
    const adopted = await check(aContext(garden), {}, request());
    const old = { ...(await create(aContext(garden), adopted.inputs)).outs, state: recorded };
    garden.shoot = found;
    const { context, rollouts } = recording(garden);
    const { inputs } = await check(context, adopted.inputs, request(more));
    const difference = await diff(context, old, inputs);
    const { outs } = await update(context, old, inputs);
    expect(garden.writes).to.deep.equal([]);
    return { difference, state: outs.state, rollouts };
  }

  const reconciling = aShoot({ lastOperation: processing });

  it("awaits a recorded rollout in progress while Gardener is reconciling", async () => {
    garden.completed = aShoot({ resourceVersion: "1001" });
    expect(await nextRun("inProgress", reconciling)).to.deep.equal({
      difference: { changes: true },
      state: "upToDate",
      rollouts: [ID],
    });
  });

  it("does not await it where the program does not await rollouts", async () => {
    expect(await nextRun("inProgress", reconciling, { rollout: { wait: false } })).to.deep.equal({
      difference: { changes: false },
      state: "inProgress",
      rollouts: [],
    });
  });

  it("awaits nothing where Gardener reconciles what was verified", async () => {
    expect(await nextRun("upToDate", reconciling)).to.deep.equal({
      difference: { changes: false },
      state: "upToDate",
      rollouts: [],
    });
  });

  it("renews the state of a recorded rollout that has ended, and awaits nothing", async () => {
    garden.nodes = [node("1.33.4")];
    expect(await nextRun("inProgress", aShoot())).to.deep.equal({
      difference: { changes: true },
      state: "upToDate",
      rollouts: [],
    });
  });

  it("has nothing to do while the nodes of another client's rollout are outdated", async () => {
    garden.nodes = [node("1.33.2")];
    const found = aShoot({ owners: owned("kubectl-edit") });
    expect(await nextRun("inProgress", found)).to.deep.equal({
      difference: { changes: false },
      state: "inProgress",
      rollouts: [],
    });
  });

  it("awaits no rollout that another client has started, though its nodes are outdated", async () => {
    garden.nodes = [node("1.33.4")];
    const found = aShoot({ kubernetesVersion: "1.33.9", owners: owned("kubectl-edit") });
    expect(await nextRun("upToDate", found, { kubernetes: { version: "1.33" } })).to.deep.equal({
      difference: { changes: false },
      state: "inProgress",
      rollouts: [],
    });
  });
});

describe("diff of an adopted Shoot", () => {
  async function adopted() {
    const context = aContext(new FakeGarden());
    const { inputs } = await check(context, {}, request());
    const { outs } = await create(context, inputs);
    return {
      context,
      inputs,
      state: { ...outs, apiServer: { server: ADDRESS, certificateAuthority: "old" } },
    };
  }

  it("replaces the resource for another uid, and keeps the old one until then", async () => {
    const { context, inputs, state } = await adopted();
    expect(await diff(context, state, { ...inputs, shootUid: "another" })).to.deep.equal({
      replaces: ["shootUid"],
      deleteBeforeReplace: false,
    });
  });

  it("lets the engine compare another certificate authority of the cluster's API", async () => {
    const { context, inputs, state } = await adopted();
    const withAuthority = (certificateAuthority: string) => ({
      ...inputs,
      apiServer: { server: ADDRESS, certificateAuthority },
    });
    expect(await diff(context, state, withAuthority("old"))).to.deep.equal({ changes: false });
    expect(await diff(context, state, withAuthority("new"))).to.deep.equal({});
  });
});
