import { expect } from "chai";
import type { PoolChange, Step } from "../../../provider/model/plan";
import { reached, within } from "../../../provider/plan";
import { aShoot } from "../builders";

const image = (to: string, name = "gardenlinux"): PoolChange => ({
  name: "pool-a",
  machineImage: { name, from: "1592.10.0", to },
  replacesNodes: true,
});
const kubelet = (to: string): PoolChange => ({
  name: "pool-a",
  kubernetes: { from: "1.32.9", to },
  replacesNodes: true,
});
const controlPlane = (to: string, minor = true): Step => ({
  kubernetes: { from: "1.33.4", to, minor },
  pools: [],
});

describe("steps are within checked ones", () => {
  const split = [{ pools: [image("1877.3.0")] }, controlPlane("1.34.3")];

  it("when each is among several that were checked", () => {
    expect(within([controlPlane("1.34.3")], split)).to.equal(true);
    expect(within([{ pools: [image("1877.3.0")] }], split)).to.equal(true);
  });

  it("when a patch is left of a checked minor", () => {
    expect(within([controlPlane("1.34.3", false)], [controlPlane("1.34.3")])).to.equal(true);
  });

  it("not when the control plane gets another version", () => {
    expect(within([controlPlane("1.34.4")], split)).to.equal(false);
    expect(within([controlPlane("1.34.4")], [controlPlane("1.34.3", false)])).to.equal(false);
    expect(within([controlPlane("1.33.9", false)], split)).to.equal(false);
  });

  it("not when the control plane gets a version and none was checked", () => {
    expect(within([controlPlane("1.34.3")], [{ pools: [image("1877.3.0")] }])).to.equal(false);
  });

  it("not when a checked patch has become a minor", () => {
    expect(within([controlPlane("1.34.3")], [controlPlane("1.34.3", false)])).to.equal(false);
  });

  it("not when one of several steps is not", () => {
    expect(within([{ pools: [image("1877.3.0")] }, controlPlane("1.34.4")], split)).to.equal(false);
  });

  it("not when a pinned pool gets another Kubernetes version", () => {
    const checked = [{ pools: [kubelet("1.33.4")] }];
    expect(within([{ pools: [kubelet("1.33.4")] }], checked)).to.equal(true);
    expect(within([{ pools: [kubelet("1.33.9")] }], checked)).to.equal(false);
    expect(within([{ pools: [kubelet("1.33.4")] }], [{ pools: [image("1877.3.0")] }])).to.equal(false);
  });

  it("not when a pool gets a version of another image", () => {
    const checked = [{ pools: [image("1877.3.0")] }];
    expect(within([{ pools: [image("1877.3.0", "suse-chost")] }], checked)).to.equal(false);
    expect(within([{ pools: [image("1877.3.0")] }], [{ pools: [kubelet("1.33.4")] }])).to.equal(false);
  });

  it("when the changes of a pool were checked in several steps", () => {
    const restart: PoolChange = {
      name: "pool-a",
      kubernetes: { from: "1.33.4", to: "1.33.9" },
      replacesNodes: false,
    };
    const checked = [{ pools: [image("1877.3.0")] }, { ...controlPlane("1.33.9", false), pools: [restart] }];
    const together = {
      ...controlPlane("1.33.9", false),
      pools: [{ ...image("1877.3.0"), kubernetes: { from: "1.33.4", to: "1.33.9" } }],
    };
    expect(within([together], checked)).to.equal(true);
  });
});

describe("a target is reached", () => {
  const target = (kubernetesVersion: string) => ({ kubernetesVersion, workers: {} });

  it("when the Shoot is at or beyond it, or nothing is managed", () => {
    for (const version of ["1.33.4", "1.32.0", "unmanaged"]) {
      expect(reached(target(version), aShoot()), version).to.equal(true);
    }
  });

  it("not when a version is below it", () => {
    expect(reached(target("1.33.9"), aShoot())).to.equal(false);
  });
});
