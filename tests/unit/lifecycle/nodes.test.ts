import { expect } from "chai";
import type { ShootNode } from "../../../provider/garden/garden";
import { NodeLists } from "../../../provider/lifecycle/nodeLists";
import {
  inspectNodes,
  isRollingOut,
  mustBeAwaited,
  rolloutStatus,
  stateOfOutdatedNodes,
  verifyNodes,
} from "../../../provider/lifecycle/nodes";
import { UserError } from "../../../provider/model/problem";
import { FIELD_MANAGER, type Shoot } from "../../../provider/model/shoot";
import { specVersions } from "../../../provider/plan";
import { aLastOperation, aMaintenance, aPool, aShoot, everyCapability, NOW } from "../builders";
import { FakeGarden } from "../support/fakeGarden";

function node(pool: string, kubeletVersion: string): ShootNode {
  return {
    name: `${pool}-${kubeletVersion}`,
    pool,
    kubeletVersion,
    osImage: "Garden Linux 1592.10.0",
    ready: true,
    created: NOW,
  };
}

const twoPools = aShoot({ workers: [aPool(), aPool({ name: "pool-b" })] });
const processing = aLastOperation({ state: "Processing", progress: 40 });
const confined = aMaintenance({ confineSpecUpdateRollout: true });

describe("the nodes of a Shoot", () => {
  let garden: FakeGarden;

  beforeEach(() => {
    garden = new FakeGarden();
  });

  const inspect = (shoot: Shoot, lists = new NodeLists()) => inspectNodes(garden, shoot, undefined, lists);

  it("are current where those of every pool run the spec", async () => {
    garden.nodes = [node("pool-a", "1.33.4"), node("pool-b", "1.33.4")];
    expect(await inspect(twoPools)).to.equal("current");
  });

  for (const outdated of ["pool-a", "pool-b"]) {
    it(`are old where one of several pools is outdated: ${outdated}`, async () => {
      const version = (pool: string) => (pool === outdated ? "1.33.2" : "1.33.4");
      garden.nodes = ["pool-a", "pool-b"].map((pool) => node(pool, version(pool)));
      expect(await inspect(twoPools)).to.equal("old");
    });

    it(`are old where one pool is outdated and the other one has no node: ${outdated}`, async () => {
      garden.nodes = [node(outdated, "1.33.2")];
      expect(await inspect(twoPools)).to.equal("old");
    });
  }

  it("are old where one node of a pool is outdated", async () => {
    garden.nodes = [node("pool-a", "1.33.4"), node("pool-a", "1.33.2")];
    expect(await inspect(aShoot())).to.equal("old");
  });

  it("are unknown where a pool that never scales to nothing has none", async () => {
    garden.nodes = [node("pool-a", "1.33.4")];
    expect(await inspect(twoPools)).to.equal("unknown");
  });

  it("are unknown, and not read, while the Shoot is hibernated", async () => {
    garden.nodes = [node("pool-a", "1.33.2")];
    const hibernated = aShoot({ hibernation: { enabled: true, hibernated: true } });
    expect(await inspect(hibernated)).to.equal("unknown");
    expect(garden.nodeReads).to.equal(0);
  });

  it("are unknown where the garden refuses access to the cluster", async () => {
    garden.openCluster = () => Promise.reject(new UserError("GU008", "forbidden"));
    expect(await inspect(aShoot())).to.equal("unknown");
  });

  it("are not called unknown for an error that is no report of the garden", async () => {
    garden.openCluster = () => Promise.reject(new TypeError("a defect"));
    const error = await inspect(aShoot()).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(TypeError);
  });

  it("are read again after a list that proved nothing, and not after one that did", async () => {
    const lists = new NodeLists();
    garden.nodes = [];
    expect(await inspect(aShoot(), lists)).to.equal("unknown");
    garden.nodes = [node("pool-a", "1.33.4")];
    expect(await inspect(aShoot(), lists)).to.equal("current");
    expect(await inspect(aShoot(), lists)).to.equal("current");
    expect(garden.nodeReads).to.equal(2);
  });

  describe("whose versions are recorded", () => {
    const versions = specVersions(aShoot());

    beforeEach(() => {
      garden.nodes = [node("pool-a", "1.33.2")];
    });

    for (const [state, expected, reads] of [
      ["inProgress", "old", 1],
      ["upToDate", "current", 0],
      ["pending", "current", 0],
    ] as const) {
      it(`are read ${reads} times where the recorded state is ${state}`, async () => {
        expect(await verifyNodes(garden, aShoot(), { ...versions, state })).to.equal(expected);
        expect(garden.nodeReads).to.equal(reads);
      });
    }

    it("are not read while Gardener is reconciling", async () => {
      const shoot = aShoot({ kubernetesVersion: "1.33.9", lastOperation: processing });
      expect(await verifyNodes(garden, shoot, versions)).to.equal("current");
      expect(garden.nodeReads).to.equal(0);
    });

    it("are being rolled out where a state in progress is recorded and Gardener is reconciling", () => {
      const shoot = aShoot({ lastOperation: processing });
      expect(isRollingOut({ ...versions, state: "inProgress" }, shoot)).to.equal(true);
      expect(isRollingOut({ ...versions, state: "upToDate" }, shoot)).to.equal(false);
      expect(isRollingOut({ ...versions, state: "inProgress" }, aShoot())).to.equal(false);
    });
  });
});

describe("a rollout whose nodes are not seen to run the spec", () => {
  const garden = new FakeGarden();
  const withoutGenerations = Object.assign(new FakeGarden(), {
    capabilities: { ...everyCapability, optimisticLocking: false },
  });
  const owners: Shoot["owners"] = [
    { manager: FIELD_MANAGER, operation: "Update", field: "spec.kubernetes.version" },
  ];
  const ours = aShoot({ owners });

  it("must be awaited while a node is old and we may have written the spec", () => {
    expect(mustBeAwaited("old", garden, ours, undefined)).to.equal(true);
  });

  it("is not awaited where another client has written the spec", () => {
    expect(mustBeAwaited("old", garden, aShoot(), undefined)).to.equal(false);
  });

  it("is not awaited where the spec has the versions that ran before", () => {
    expect(mustBeAwaited("old", garden, ours, specVersions(ours))).to.equal(false);
  });

  it("is not awaited before the maintenance window", () => {
    expect(mustBeAwaited("old", garden, { ...ours, maintenance: confined }, undefined)).to.equal(false);
  });

  it("must be awaited where nodes are unknown only on a garden without generations", () => {
    expect(mustBeAwaited("unknown", garden, ours, undefined)).to.equal(false);
    expect(mustBeAwaited("unknown", withoutGenerations, ours, undefined)).to.equal(true);
    expect(mustBeAwaited("current", withoutGenerations, ours, undefined)).to.equal(false);
  });

  it("is pending before the maintenance window, and in progress otherwise", () => {
    expect(stateOfOutdatedNodes(aShoot())).to.equal("inProgress");
    expect(stateOfOutdatedNodes(aShoot({ maintenance: confined }))).to.equal("pending");
  });
});

describe("the status of a rollout with nothing to write", () => {
  const ran = specVersions(aShoot());
  const target = { ...ran, kubernetesVersion: "1.33.9" };
  const recorded = (state: "pending" | "inProgress" | "upToDate") => ({
    shoot: "garden-demo/web",
    shootUid: aShoot().uid,
    ...ran,
    target,
    state,
    completedAt: "",
  });
  const raised = (parts: Partial<Shoot> = {}) => aShoot({ kubernetesVersion: "1.33.9", ...parts });

  async function statusOn(shoot: Shoot, state: "pending" | "inProgress" | "upToDate", kubelet: string) {
    const garden = new FakeGarden();
    garden.nodes = [node("pool-a", kubelet)];
    const { observed, ...rest } = await rolloutStatus(garden, recorded(state), shoot);
    return { version: observed.kubernetesVersion, ...rest };
  }

  it("is in progress with the recorded versions while Gardener is reconciling", async () => {
    const shoot = raised({ lastOperation: processing });
    expect(await statusOn(shoot, "upToDate", "1.33.4")).to.deep.equal({
      version: "1.33.4",
      state: "inProgress",
    });
  });

  it("is in progress with the recorded versions while a node is old", async () => {
    expect(await statusOn(raised(), "inProgress", "1.33.4")).to.deep.equal({
      version: "1.33.4",
      state: "inProgress",
    });
  });

  it("is up to date with the versions of the spec once the nodes run them", async () => {
    expect(await statusOn(raised(), "inProgress", "1.33.9")).to.deep.equal({
      version: "1.33.9",
      state: "upToDate",
    });
  });

  it("is pending where the spec has not reached the target", async () => {
    expect(await statusOn(aShoot(), "upToDate", "1.33.4")).to.deep.equal({
      version: "1.33.4",
      state: "pending",
    });
  });

  const written = {
    manager: FIELD_MANAGER,
    operation: "Update",
    field: "spec.kubernetes.version",
    time: NOW,
  } as const;
  it("stays pending with the recorded versions while a write of ours awaits the maintenance window", async () => {
    const shoot = raised({ maintenance: confined, owners: [written] });
    expect(await statusOn(shoot, "pending", "1.33.9")).to.deep.equal({ version: "1.33.4", state: "pending" });
  });

  it("is up to date where another write of ours awaits the window and none was recorded as pending", async () => {
    const shoot = raised({ maintenance: confined, owners: [written] });
    expect(await statusOn(shoot, "upToDate", "1.33.9")).to.deep.equal({
      version: "1.33.9",
      state: "upToDate",
    });
  });
});
