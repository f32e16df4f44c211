import { expect } from "chai";
import { aPool } from "../builders";
import {
  areUpdated,
  nodeTargetsOfStep,
  nodeTargetsOf,
  isUpdated,
  compareNodes,
  manualPools,
  timeOfWrite,
  type PoolNodesTarget,
} from "../../../provider/rollout/nodes";
import { pending } from "../../../provider/plan";
import { UNMANAGED, type Target } from "../../../provider/model/plan";
import { aCluster, aNode, IMAGE, MINOR, PATCH, targetOf } from "./scene";

const WRITTEN = new Date("2026-11-23T12:00:00Z");
const LATER = new Date("2026-11-23T12:05:00Z");

function nodesTarget(target: Target, shoot = aCluster()): PoolNodesTarget {
  const [step] = pending(target, shoot);
  const [first] = step === undefined ? [] : nodeTargetsOfStep(step, shoot, WRITTEN);
  if (first === undefined) throw new Error("no nodesTarget");
  return first;
}

describe("a node has the change", () => {
  it("of a patch when its kubelet runs it: it need not be new", () => {
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.33.9" }), nodesTarget(targetOf("1.33.9")))).to.equal(
      true,
    );
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.33.4" }), nodesTarget(targetOf("1.33.9")))).to.equal(
      false,
    );
  });

  it("also when its kubelet runs a later version", () => {
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.34.10" }), nodesTarget(MINOR))).to.equal(true);
  });

  it("of a minor when its kubelet runs it, however old it is by our clock", () => {
    const created = new Date("2020-01-01T00:00:00Z");
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.34.3", created }), nodesTarget(MINOR))).to.equal(true);
  });

  it("of an image when it is younger than the write", () => {
    expect(isUpdated(aNode("n1", { created: LATER, osImage: "?" }), nodesTarget(IMAGE))).to.equal(true);
    expect(isUpdated(aNode("n1", { osImage: "?" }), nodesTarget(IMAGE))).to.equal(false);
  });

  it("of an image when its osImage has the version, however it is padded", () => {
    expect(isUpdated(aNode("n1", { osImage: "Garden Linux 1877.3" }), nodesTarget(IMAGE))).to.equal(true);
    expect(isUpdated(aNode("n1", { osImage: "Garden Linux 1877.30" }), nodesTarget(IMAGE))).to.equal(false);
  });

  it("of an image together with a patch only when both are there", () => {
    const both = nodesTarget(targetOf("1.33.9", "1877.3.0"));
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.33.9" }), both)).to.equal(false);
    expect(isUpdated(aNode("n1", { created: LATER }), both)).to.equal(false);
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.33.9", created: LATER }), both)).to.equal(true);
  });

  it("of an image in a pool that is updated in place although it stays the same node", () => {
    const inPlace = aCluster({ workers: [aPool({ updateStrategy: "AutoInPlaceUpdate" })] });
    expect(isUpdated(aNode("n1"), nodesTarget(IMAGE, inPlace))).to.equal(true);
  });
});

describe("the nodes are updated", () => {
  it("when none is outdated", () => {
    const targets = [nodesTarget(PATCH)];
    expect(areUpdated(compareNodes(targets, [aNode("n1", { kubeletVersion: "1.33.9" })]))).to.equal(true);
    expect(
      areUpdated(compareNodes(targets, [aNode("n1", { kubeletVersion: "1.33.9" }), aNode("n2")])),
    ).to.equal(false);
  });

  it("in a pool without nodes only where it may scale to zero", () => {
    expect(areUpdated(compareNodes([nodesTarget(PATCH)], []))).to.equal(false);
    expect(
      areUpdated(compareNodes([nodesTarget(PATCH, aCluster({ workers: [aPool({ minimum: 0 })] }))], [])),
    ).to.equal(true);
  });
});

describe("the nodes of a rollout that an earlier run wrote", () => {
  it("are compared with the versions that the target names", () => {
    expect(nodeTargetsOf(targetOf("1.33.4"), aCluster())).to.deep.include({
      pool: "pool-a",
      kubernetes: "1.33.4",
      image: undefined,
      imageBefore: undefined,
      populated: true,
    });
    expect(nodeTargetsOf(targetOf(undefined), aCluster())).to.deep.equal([]);
  });

  it("have the control plane's version where the pool has none of its own", () => {
    const target: Target = { ...targetOf("1.33.4"), kubernetesVersion: "1.33.4" };
    const lagging = {
      ...target,
      workers: {
        "pool-a": { kubernetesVersion: UNMANAGED, machineImage: { name: "gardenlinux", version: UNMANAGED } },
      },
    };
    expect(nodeTargetsOf(lagging, aCluster())[0]).to.have.property("kubernetes", "1.33.4");
  });
});

describe("a node of a rollout that an earlier run wrote", () => {
  const before = (name: string, version: string): Target => ({
    kubernetesVersion: UNMANAGED,
    workers: { "pool-a": { kubernetesVersion: UNMANAGED, machineImage: { name, version } } },
  });
  const updated = (osImage: string, verified?: Target, target = IMAGE): boolean => {
    const [first] = nodeTargetsOf(target, aCluster(), verified);
    if (first === undefined) throw new Error("no target");
    return isUpdated(aNode("n1", { osImage }), first);
  };

  it("is outdated with the image that its pool had before", () => {
    expect(updated("Garden Linux 1592.10", before("gardenlinux", "1592.10.0"))).to.equal(false);
    expect(updated("Garden Linux 1877.3", before("gardenlinux", "1592.10.0"))).to.equal(true);
  });

  for (const [what, verified] of [
    ["is not known", undefined],
    ["was of another name", before("suse-chost", "1592.10.0")],
    ["was not managed", before("gardenlinux", UNMANAGED)],
  ] as const) {
    it(`is not outdated by its image where the image before ${what}`, () => {
      expect(updated("Garden Linux 1592.10", verified)).to.equal(true);
    });
  }

  it("is not outdated with an image that has not changed, however it is padded", () => {
    const target = targetOf(undefined, "1877.3.0");
    expect(updated("Garden Linux 1877.3", before("gardenlinux", "1877.3"), target)).to.equal(true);
  });
});

describe("the node targets of a rollout that an earlier run wrote", () => {
  const target = targetOf("1.33.9", "1877.3.0");
  const targetsOf = (pool: Parameters<typeof aPool>[0], of = target) =>
    nodeTargetsOf(of, aCluster({ workers: [aPool(pool)] }));

  it("leave out pools that are updated manually", () => {
    expect(targetsOf({ updateStrategy: "ManualInPlaceUpdate" })).to.deep.equal([]);
  });

  it("have a pool's own Kubernetes version where it has one", () => {
    const pinned = { ...target, kubernetesVersion: "1.34.3" };
    expect(targetsOf({ kubernetesVersion: "1.33.4" }, pinned)[0]).to.have.property("kubernetes", "1.33.9");
    expect(targetsOf({}, pinned)[0]).to.have.property("kubernetes", "1.34.3");
  });

  it("need no node in a pool that may scale to zero", () => {
    expect(targetsOf({ minimum: 0 })[0]).to.have.property("populated", false);
  });
});

describe("a node target with unusual versions", () => {
  const target: PoolNodesTarget = { pool: "pool-a", populated: true };

  it("is met by the same kubelet version only, where the node's is no semantic version", () => {
    const floor = { ...target, kubernetes: "1.33.9" };
    expect(isUpdated(aNode("n1", { kubeletVersion: "custom" }), floor)).to.equal(false);
    expect(isUpdated(aNode("n1", { kubeletVersion: "custom" }), { ...floor, kubernetes: "custom" })).to.equal(
      true,
    );
  });

  for (const [osImage, version, same] of [
    ["Flatcar 4081", "4081.0.0", true],
    ["Flatcar 4081.2", "4081.0.0", false],
    ["Flatcar 4081.0.2", "4081.0.2", true],
    ["Flatcar 4081.2", "4081.0.2", false],
    ["SUSE 15.10.20", "15.10.20", true],
    ["SUSE 15.1", "15.10.20", false],
    ["Some Linux", "15.1.0", false],
  ] as const) {
    it(`is ${same ? "" : "not "}met by ${osImage} for the version ${version}`, () => {
      const image = { name: "x", version };
      expect(isUpdated(aNode("n1", { osImage }), { ...target, image, replacedSince: LATER })).to.equal(same);
    });
  }

  it("is met by a node that was created in the second of the write", () => {
    const node = aNode("n1", { created: WRITTEN, osImage: "?" });
    expect(isUpdated(node, { ...target, replacedSince: WRITTEN })).to.equal(true);
    expect(isUpdated(node, { ...target, replacedSince: new Date(WRITTEN.getTime() + 1) })).to.equal(false);
  });
});

describe("the nodes of several pools", () => {
  const pools = [aPool(), aPool({ name: "gpu", updateStrategy: "ManualInPlaceUpdate" })];

  it("are updated only when those of each pool are", () => {
    const targets = ["pool-a", "gpu"].map((pool) => ({ pool, kubernetes: "1.33.9", populated: true }));
    const nodes = [aNode("n1", { kubeletVersion: "1.33.9" }), aNode("g1", { pool: "gpu" })];
    expect(areUpdated(compareNodes(targets, nodes))).to.equal(false);
  });

  it("are updated manually only in pools with that strategy, which the step changes", () => {
    const shoot = aCluster({ workers: pools });
    const [both] = pending(targetOf(undefined, "1877.3.0", ["pool-a", "gpu"]), shoot);
    const [first] = pending(IMAGE, shoot);
    if (both === undefined || first === undefined) throw new Error("nothing is pending");
    expect(manualPools(both, shoot)).to.deep.equal(["gpu"]);
    expect(manualPools(first, shoot)).to.deep.equal([]);
    expect(nodeTargetsOfStep(both, shoot, WRITTEN).map(({ pool }) => pool)).to.deep.equal(["pool-a"]);
  });

  it("are not awaited in a pool that has been removed", () => {
    const shoot = aCluster({ workers: [aPool(), aPool({ name: "old" })] });
    const [step] = pending(targetOf(undefined, "1877.3.0", ["pool-a", "old"]), shoot);
    if (step === undefined) throw new Error("nothing is pending");
    expect(nodeTargetsOfStep(step, aCluster(), WRITTEN).map(({ pool }) => pool)).to.deep.equal(["pool-a"]);
  });

  it("have the time of the write also where no operation was reported before", () => {
    expect(timeOfWrite(WRITTEN, aCluster({ lastOperation: undefined }), undefined)).to.deep.equal(WRITTEN);
  });
});
