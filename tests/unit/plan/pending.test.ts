import { expect } from "chai";
import type { Step, Target } from "../../../provider/model/plan";
import { afterSteps, changeFor } from "../../../provider/plan/change";
import { pending, reached, within, managedVersions, specVersions } from "../../../provider/plan";
import { aPool, aShoot } from "../builders";

const target = (kubernetesVersion: string, image: string): Target => ({
  kubernetesVersion,
  workers: {
    "pool-a": {
      kubernetesVersion,
      machineImage: { name: "gardenlinux", version: image },
    },
  },
});

describe("what is pending", () => {
  it("is one step with Kubernetes and images together", () => {
    expect(pending(target("1.34.3", "1877.3.0"), aShoot())).to.deep.equal([
      {
        kubernetes: { from: "1.33.4", to: "1.34.3", minor: true },
        pools: [
          {
            name: "pool-a",
            kubernetes: { from: "1.33.4", to: "1.34.3" },
            machineImage: { name: "gardenlinux", from: "1592.10.0", to: "1877.3.0" },
            replacesNodes: true,
          },
        ],
      },
    ]);
  });

  it("replaces no nodes for a patch", () => {
    const [step] = pending(target("1.33.9", "unmanaged"), aShoot());
    expect(step?.kubernetes?.minor).to.equal(false);
    expect(step?.pools.map(({ replacesNodes }) => replacesNodes)).to.deep.equal([false]);
  });

  it("is empty where the Shoot is at or beyond the target", () => {
    expect(pending(target("1.33.4", "1592.10.0"), aShoot())).to.deep.equal([]);
    expect(reached(target("1.32.0", "1443.3.0"), aShoot())).to.equal(true);
  });

  it("is what is left where another has done a part", () => {
    const shoot = aShoot({ kubernetesVersion: "1.34.3" });
    const [step] = pending(target("1.34.3", "1877.3.0"), shoot);
    expect(step?.kubernetes).to.equal(undefined);
    expect(step?.pools[0]?.machineImage?.to).to.equal("1877.3.0");
  });

  it("leaves unmanaged parts and unknown pools alone", () => {
    const shoot = aShoot({ workers: [aPool(), aPool({ name: "new" })] });
    const [step] = pending(target("unmanaged", "1877.3.0"), shoot);
    expect(step?.pools.map(({ name }) => name)).to.deep.equal(["pool-a"]);
  });

  it("does not compare versions of different images", () => {
    const shoot = aShoot({ workers: [aPool({ machineImage: { name: "suse-chost", version: "15.4.1" } })] });
    expect(pending(target("unmanaged", "1877.3.0"), shoot)).to.deep.equal([]);
  });
});

describe("the change for a step", () => {
  const change = (desired: Target, shoot = aShoot()) =>
    pending(desired, shoot).map((step) => changeFor(step, shoot));

  it("holds only the fields that change, tied to what was read", () => {
    expect(change(target("1.34.3", "1877.3.0"))).to.deep.equal([
      {
        shoot: { namespace: "garden-demo", name: "web" },
        uid: "6f9d5a3c-0001-4c1e-9a77-000000000001",
        resourceVersion: "1000",
        kubernetesVersion: "1.34.3",
        workers: [{ name: "pool-a", machineImage: { name: "gardenlinux", version: "1877.3.0" } }],
      },
    ]);
  });

  it("names no pool for Kubernetes alone: pools without a version of their own follow", () => {
    expect(change(target("1.34.3", "unmanaged"))[0]?.workers).to.deep.equal([]);
  });

  it("leads to a Shoot that has reached the target", () => {
    const desired = target("1.34.3", "1877.3.0");
    expect(reached(desired, afterSteps(aShoot(), pending(desired, aShoot())))).to.equal(true);
  });
});

describe("what is observed", () => {
  it("has every pool of the Shoot", () => {
    expect(specVersions(aShoot())).to.deep.equal(target("1.33.4", "1592.10.0"));
  });

  it("keeps unmanaged what the target does not manage", () => {
    expect(managedVersions(specVersions(aShoot()), target("unmanaged", "1877.3.0"))).to.deep.equal(
      target("unmanaged", "1592.10.0"),
    );
    expect(managedVersions(specVersions(aShoot()), target("1.34.3", "unmanaged"))).to.deep.equal(
      target("1.33.4", "unmanaged"),
    );
  });

  it("contains the version of a pinned pool", () => {
    const shoot = aShoot({ workers: [aPool({ kubernetesVersion: "1.32.9" })] });
    expect(specVersions(shoot).workers["pool-a"]?.kubernetesVersion).to.equal("1.32.9");
  });
});

describe("a plan is within a checked one", () => {
  const checked = () => pending(target("1.34.3", "1877.3.0"), aShoot());
  const now = (desired: Target, shoot = aShoot()): boolean => within(pending(desired, shoot), checked());

  it("when it is the same or what is left of it", () => {
    expect(now(target("1.34.3", "1877.3.0"))).to.equal(true);
    expect(now(target("1.34.3", "1877.3.0"), aShoot({ kubernetesVersion: "1.34.1" }))).to.equal(true);
    expect(now(target("unmanaged", "1877.3.0"))).to.equal(true);
    expect(within([], [])).to.equal(true);
  });

  it("not when it goes to another version", () => {
    expect(now(target("1.34.4", "1877.3.0"))).to.equal(false);
    expect(now(target("1.34.3", "1950.0.0"))).to.equal(false);
  });

  it("not when it concerns another pool", () => {
    const shoot = aShoot({ workers: [aPool(), aPool({ name: "gpu" })] });
    const both: Target = {
      ...target("1.34.3", "1877.3.0"),
      workers: {
        gpu: { kubernetesVersion: "1.34.3", machineImage: { name: "gardenlinux", version: "1877.3.0" } },
      },
    };
    expect(now(both, shoot)).to.equal(false);
  });

  it("not when it replaces nodes that were to stay", () => {
    const patch: readonly Step[] = [
      { pools: [{ name: "pool-a", kubernetes: { from: "1.34.1", to: "1.34.3" }, replacesNodes: false }] },
    ];
    const roll: readonly Step[] = [
      { pools: [{ name: "pool-a", kubernetes: { from: "1.33.4", to: "1.34.3" }, replacesNodes: true }] },
    ];
    expect(within(roll, patch)).to.equal(false);
  });
});
