import { expect } from "chai";
import { ROLLOUT_ANNOTATION } from "../../../provider/model/shoot";
import { afterSteps, changeFor } from "../../../provider/plan";
import { aPool, aShoot } from "../builders";

const kubernetes = { from: "1.32.9", to: "1.33.4" };
const machineImage = { name: "gardenlinux", from: "1592.10.0", to: "1877.3.0" };
const target = "1.33.4";
const record = (pools: Readonly<Record<string, string>>) => ({
  [ROLLOUT_ANNOTATION]: JSON.stringify({ pools, target }),
});
const release = {
  pools: [{ name: "gpu", kubernetes, replacesNodes: true }],
  heldBack: { pools: {}, target },
};
const pinned = aPool({ name: "gpu", kubernetesVersion: "1.32.9" });

describe("the change of a step that holds worker pools back", () => {
  const step = {
    kubernetes: { ...kubernetes, minor: true },
    pools: [],
    heldBack: { pools: { "pool-a": "1.32.9" }, target: "1.34.3" },
  };

  it("pins them where they are and records that, with the stack", () => {
    const shoot = aShoot({ kubernetesVersion: "1.32.9" });
    const change = changeFor(step, shoot, "clusters/dev");
    expect(change.kubernetesVersion).to.equal("1.33.4");
    expect(change.workers).to.deep.equal([{ name: "pool-a", kubernetesVersion: "1.32.9" }]);
    expect(change.heldBack).to.deep.equal({ ...step.heldBack, stack: "clusters/dev" });
  });

  it("does not repeat a version that the pool has", () => {
    const workers = [aPool({ kubernetesVersion: "1.32.9" })];
    expect(changeFor(step, aShoot({ workers })).workers).to.deep.equal([]);
  });
});

describe("the change of a step that releases a worker pool", () => {
  const shoot = aShoot({ workers: [pinned], annotations: record({ gpu: "1.32.9" }) });

  it("takes its own version from it", () => {
    expect(changeFor(release, shoot).workers).to.deep.equal([{ name: "gpu", kubernetesVersion: null }]);
  });

  it("carries the image as well", () => {
    const step = { ...release, pools: [{ name: "gpu", kubernetes, machineImage, replacesNodes: true }] };
    expect(changeFor(step, shoot).workers).to.deep.equal([
      { name: "gpu", machineImage: { name: "gardenlinux", version: "1877.3.0" }, kubernetesVersion: null },
    ]);
  });

  it("leads to a Shoot without versions of pools and without the record, other annotations kept", () => {
    const annotations = { ...shoot.annotations, "example.com/other": "kept" };
    const after = afterSteps({ ...shoot, annotations }, [release]);
    expect(after.workers[0]?.kubernetesVersion).to.equal(undefined);
    expect(after.annotations).to.deep.equal({ "example.com/other": "kept" });
  });

  it("leaves a pool alone that a user has pinned", () => {
    for (const annotations of [{}, record({ gpu: "1.31.9" }), { [ROLLOUT_ANNOTATION]: "not JSON" }]) {
      expect(changeFor(release, aShoot({ workers: [pinned], annotations })).workers).to.deep.equal([]);
    }
  });
});

describe("the change of a step for images", () => {
  it("does not give a version of its own to a pool that follows the control plane", () => {
    const step = { pools: [{ name: "gpu", kubernetes, machineImage, replacesNodes: true }] };
    expect(changeFor(step, aShoot({ workers: [aPool({ name: "gpu" })] })).workers).to.deep.equal([
      { name: "gpu", machineImage: { name: "gardenlinux", version: "1877.3.0" } },
    ]);
  });
});
