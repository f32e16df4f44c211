import { expect } from "chai";
import type { Step } from "../../../provider/model/plan";
import { changeFor } from "../../../provider/plan/change";
import { aPool, aShoot } from "../builders";

describe("the change of a pinned pool", () => {
  const shoot = aShoot({ workers: [aPool(), aPool({ name: "gpu", kubernetesVersion: "1.32.9" })] });
  const kubernetes = { from: "1.32.9", to: "1.33.4" };
  const workers = (step: Step) => changeFor(step, shoot).workers;

  it("holds its Kubernetes version", () => {
    expect(workers({ pools: [{ name: "gpu", kubernetes, replacesNodes: true }] })).to.deep.equal([
      { name: "gpu", kubernetesVersion: "1.33.4" },
    ]);
  });

  it("holds its image and its Kubernetes version together", () => {
    const machineImage = { name: "gardenlinux", from: "1592.10.0", to: "1877.3.0" };
    expect(
      workers({ pools: [{ name: "gpu", kubernetes, machineImage, replacesNodes: true }] }),
    ).to.deep.equal([
      {
        name: "gpu",
        machineImage: { name: "gardenlinux", version: "1877.3.0" },
        kubernetesVersion: "1.33.4",
      },
    ]);
  });

  it("does not give a version of its own to a pool that follows the control plane", () => {
    const machineImage = { name: "gardenlinux", from: "1592.10.0", to: "1877.3.0" };
    expect(
      workers({ pools: [{ name: "pool-a", kubernetes, machineImage, replacesNodes: true }] }),
    ).to.deep.equal([{ name: "pool-a", machineImage: { name: "gardenlinux", version: "1877.3.0" } }]);
  });
});
