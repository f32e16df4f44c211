import { expect } from "chai";
import type { Target } from "../../../provider/model/plan";
import { changedFields, fillUnmanaged, managedVersions, sameTarget } from "../../../provider/plan/target";

const aTarget = (
  kubernetesVersion: string,
  image: string,
  pool = "pool-a",
  name = "gardenlinux",
): Target => ({
  kubernetesVersion,
  workers: { [pool]: { kubernetesVersion, machineImage: { name, version: image } } },
});

const current = aTarget("1.33.4", "1592.10.0");

describe("versions that are not managed", () => {
  it("are the Shoot's where the target manages none", () => {
    expect(fillUnmanaged(aTarget("unmanaged", "unmanaged"), current)).to.deep.equal(current);
  });

  it("are the Shoot's for a pool that the target does not contain", () => {
    expect(fillUnmanaged(aTarget("1.34.3", "1877.3.0", "other"), current)).to.deep.equal({
      kubernetesVersion: "1.34.3",
      workers: current.workers,
    });
  });

  it("do not replace those that the target manages", () => {
    const target = aTarget("1.34.3", "1877.3.0");
    expect(fillUnmanaged(target, current)).to.deep.equal(target);
  });

  it("contain the Shoot's image where the target has another image", () => {
    const target = aTarget("1.34.3", "15.4.1", "pool-a", "suse-chost");
    expect(fillUnmanaged(target, current)).to.deep.equal(aTarget("1.34.3", "1592.10.0"));
  });

  it("stay unmanaged in a pool of which the target manages only the image", () => {
    const target = {
      kubernetesVersion: "1.33.4",
      workers: {
        "pool-a": {
          kubernetesVersion: "unmanaged",
          machineImage: { name: "gardenlinux", version: "1592.10.0" },
        },
      },
    };
    expect(managedVersions(current, target)).to.deep.equal(target);
  });

  it("contain those of a pool that the target does not contain as they are", () => {
    expect(managedVersions(current, aTarget("1.33.4", "unmanaged", "other"))).to.deep.equal(current);
  });
});

describe("the fields of the Shoot that have changed", () => {
  it("are none where all versions are the same", () => {
    expect(changedFields(current, current)).to.deep.equal([]);
  });

  it("are the Kubernetes version and the images of the pools that differ", () => {
    const changed = ["spec.kubernetes.version", "spec.provider.workers[pool-a].machine.image.version"];
    expect(changedFields(current, aTarget("1.34.3", "1877.3.0"))).to.deep.equal(changed);
    expect(changedFields(current, aTarget("1.34.3", "1592.10.0"))).to.deep.equal(changed.slice(0, 1));
    expect(changedFields(current, aTarget("1.33.4", "1877.3.0"))).to.deep.equal(changed.slice(1));
  });

  it("do not contain what was not managed before", () => {
    expect(changedFields(aTarget("unmanaged", "unmanaged"), current)).to.deep.equal([]);
  });

  it("do not contain the image of a new pool", () => {
    expect(changedFields(current, aTarget("1.33.4", "1877.3.0", "new"))).to.deep.equal([]);
  });
});

describe("two targets", () => {
  it("are the same with the same versions in the same pools, in any order", () => {
    const [a, b] = [aTarget("1.33.4", "1592.10.0", "a"), aTarget("1.33.4", "1592.10.0", "b")];
    const left = { ...a, workers: { ...a.workers, ...b.workers } };
    const right = { ...a, workers: { ...b.workers, ...a.workers } };
    expect(sameTarget(left, right)).to.equal(true);
  });

  const pool = current.workers["pool-a"];
  const others: Readonly<Record<string, Target>> = {
    "the Kubernetes version of the control plane": { ...current, kubernetesVersion: "1.34.3" },
    "the Kubernetes version of a pool": {
      ...current,
      workers: {
        "pool-a": {
          machineImage: { name: "gardenlinux", version: "1592.10.0" },
          kubernetesVersion: "1.32.9",
        },
      },
    },
    "the version of a pool's image": aTarget("1.33.4", "1877.3.0"),
    "the name of a pool's image": aTarget("1.33.4", "1592.10.0", "pool-a", "suse-chost"),
    "the name of a pool": aTarget("1.33.4", "1592.10.0", "pool-b"),
    "one more pool": { ...current, workers: { ...current.workers, ...(pool && { new: pool }) } },
    "one pool less": { ...current, workers: {} },
  };
  for (const [difference, other] of Object.entries(others)) {
    it(`differ by ${difference}`, () => {
      expect(sameTarget(current, other)).to.equal(false);
    });
  }

  it("without the same versions in one of several pools are not the same", () => {
    const both = (image: string): Target => ({
      ...current,
      workers: { ...current.workers, ...aTarget("1.33.4", image, "gpu").workers },
    });
    expect(sameTarget(both("1592.10.0"), both("1877.3.0"))).to.equal(false);
  });
});
