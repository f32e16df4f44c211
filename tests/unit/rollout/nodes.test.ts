import { expect } from "chai";
import { aLastOperation, aPool } from "../builders";
import {
  areUpdated,
  nodeTargetsOfStep,
  nodeTargetsOf,
  isUpdated,
  compareNodes,
  timeOfWrite,
  type PoolNodesTarget,
} from "../../../provider/rollout/nodes";
import { pending } from "../../../provider/plan";
import { UNMANAGED, type Target } from "../../../provider/model/plan";
import { aCluster, aNode, IMAGE, MINOR, PATCH, want } from "./scene";

const WRITTEN = new Date("2026-11-23T12:00:00Z");
const LATER = new Date("2026-11-23T12:05:00Z");

function goal(target: Target, shoot = aCluster()): PoolNodesTarget {
  const [step] = pending(target, shoot);
  const [first] = step === undefined ? [] : nodeTargetsOfStep(step, shoot, WRITTEN);
  if (first === undefined) throw new Error("no goal");
  return first;
}

describe("a node has the change", () => {
  it("of a patch when its kubelet runs it: it need not be new", () => {
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.33.9" }), goal(want("1.33.9")))).to.equal(true);
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.33.4" }), goal(want("1.33.9")))).to.equal(false);
  });

  it("also when its kubelet runs a later version", () => {
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.34.10" }), goal(MINOR))).to.equal(true);
  });

  it("of a minor when its kubelet runs it, however old it is by our clock", () => {
    const created = new Date("2020-01-01T00:00:00Z");
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.34.3", created }), goal(MINOR))).to.equal(true);
  });

  it("of an image when it is younger than the write", () => {
    expect(isUpdated(aNode("n1", { created: LATER, osImage: "?" }), goal(IMAGE))).to.equal(true);
    expect(isUpdated(aNode("n1", { osImage: "?" }), goal(IMAGE))).to.equal(false);
  });

  it("of an image when its osImage has the version, however it is padded", () => {
    expect(isUpdated(aNode("n1", { osImage: "Garden Linux 1877.3" }), goal(IMAGE))).to.equal(true);
    expect(isUpdated(aNode("n1", { osImage: "Garden Linux 1877.30" }), goal(IMAGE))).to.equal(false);
  });

  it("of an image together with a patch only when both are there", () => {
    const both = goal(want("1.33.9", "1877.3.0"));
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.33.9" }), both)).to.equal(false);
    expect(isUpdated(aNode("n1", { created: LATER }), both)).to.equal(false);
    expect(isUpdated(aNode("n1", { kubeletVersion: "1.33.9", created: LATER }), both)).to.equal(true);
  });

  it("of an image in a pool that is updated in place although it stays the same node", () => {
    const inPlace = aCluster({ workers: [aPool({ updateStrategy: "AutoInPlaceUpdate" })] });
    expect(isUpdated(aNode("n1"), goal(IMAGE, inPlace))).to.equal(true);
  });
});

describe("the nodes are updated", () => {
  it("when none is outdated", () => {
    const goals = [goal(PATCH)];
    expect(areUpdated(compareNodes(goals, [aNode("n1", { kubeletVersion: "1.33.9" })]))).to.equal(true);
    expect(
      areUpdated(compareNodes(goals, [aNode("n1", { kubeletVersion: "1.33.9" }), aNode("n2")])),
    ).to.equal(false);
  });

  it("in a pool without nodes only where it may scale to zero", () => {
    expect(areUpdated(compareNodes([goal(PATCH)], []))).to.equal(false);
    expect(
      areUpdated(compareNodes([goal(PATCH, aCluster({ workers: [aPool({ minimum: 0 })] }))], [])),
    ).to.equal(true);
  });
});

describe("the nodes of a rollout that an earlier run wrote", () => {
  it("are compared with the versions that the target names", () => {
    expect(nodeTargetsOf(want("1.33.4"), aCluster())).to.deep.include({
      pool: "pool-a",
      kubernetes: "1.33.4",
      image: undefined,
      imageBefore: undefined,
      populated: true,
    });
    expect(nodeTargetsOf(want(undefined), aCluster())).to.deep.equal([]);
  });

  it("have the control plane's version where the pool has none of its own", () => {
    const target: Target = { ...want("1.33.4"), kubernetesVersion: "1.33.4" };
    const lagging = {
      ...target,
      workers: {
        "pool-a": { kubernetesVersion: UNMANAGED, machineImage: { name: "gardenlinux", version: UNMANAGED } },
      },
    };
    expect(nodeTargetsOf(lagging, aCluster())[0]).to.have.property("kubernetes", "1.33.4");
  });
});

describe("the time of a write", () => {
  const before = aCluster({
    lastOperation: aLastOperation({ lastUpdateTime: new Date("2026-11-23T11:00:00Z") }),
  });
  const started = aCluster({
    lastOperation: aLastOperation({ lastUpdateTime: new Date("2026-11-23T12:00:03Z") }),
  });

  it("is that of our clock, where it agrees with the garden's", () => {
    expect(timeOfWrite(new Date("2026-11-23T12:00:00Z"), before, started)).to.deep.equal(WRITTEN);
  });

  it("is not later than the operation that it started, however far ahead our clock is", () => {
    expect(timeOfWrite(LATER, before, started)).to.deep.equal(new Date("2026-11-23T12:00:03Z"));
  });

  it("is not earlier than what happened before it, however far behind our clock is", () => {
    expect(timeOfWrite(new Date("2026-11-23T03:00:00Z"), before, started)).to.deep.equal(
      new Date("2026-11-23T11:00:00Z"),
    );
  });

  it("has whole seconds, as creation times have", () => {
    expect(timeOfWrite(new Date("2026-11-23T12:00:00.900Z"), before, undefined)).to.deep.equal(WRITTEN);
  });
});
