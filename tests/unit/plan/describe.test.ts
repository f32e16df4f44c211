import { expect } from "chai";
import type { Declaration } from "../../../provider/model/declaration";
import type { WorkerPool } from "../../../provider/model/shoot";
import { describeStep, summarizeStep } from "../../../provider/plan/describe";
import { aCloudProfile, anImage, anImageVersion, aPool, aShoot, version } from "../builders";
import { planned } from "./asking";

function described(declared: Partial<Declaration>, ...workers: readonly WorkerPool[]): string {
  const shoot = aShoot({ workers });
  const inPlaceUpdates = { supported: true, minVersionForUpdate: "1443.3.0" };
  const versions = [
    anImageVersion("1592.14.0", { inPlaceUpdates }),
    anImageVersion("1877.3.0", { inPlaceUpdates }),
  ];
  const profile = aCloudProfile({ machineImages: [anImage({ versions })] });
  return planned(declared, { shoot, profile })
    .steps.map((step) => describeStep(step, shoot))
    .join("\n");
}

const minor = { kubernetes: version("1.34") };
const patch = { kubernetes: version("1.33") };
const image = { machineImage: version("1877.3.0") };

describe("the description of a step", () => {
  it("names Kubernetes and image in one roll", () => {
    expect(described({ ...minor, ...image }, aPool())).to.equal(
      "Kubernetes 1.33.4 → 1.34.3 and gardenlinux 1592.10.0 → 1877.3.0 in one roll: pool-a, 3 nodes, 1 at a time",
    );
  });

  it("names an image alone", () => {
    expect(described(image, aPool())).to.equal(
      "gardenlinux 1592.10.0 → 1877.3.0: pool-a, 3 nodes, 1 at a time",
    );
  });

  it("names a minor alone", () => {
    expect(described(minor, aPool({ minimum: 1, maximum: 1 }))).to.equal(
      "Kubernetes 1.33.4 → 1.34.3: pool-a, 1 node, 1 at a time",
    );
  });

  it("contains that a patch replaces no nodes", () => {
    expect(described(patch, aPool())).to.equal("Kubernetes 1.33.4 → 1.33.9: kubelets restart in place");
  });

  it("names several pools", () => {
    const gpu = aPool({ name: "gpu", minimum: 3, maximum: 5, maxSurge: 1, maxUnavailable: 1 });
    expect(described(minor, aPool(), gpu)).to.equal(
      "Kubernetes 1.33.4 → 1.34.3: pool-a, 3 nodes, 1 at a time; gpu, 3 to 5 nodes, 2 at a time",
    );
  });

  it("names the image by pool where they differ", () => {
    const declared = { ...minor, ...image, workers: { gpu: { machineImage: version("1592.14.0") } } };
    expect(described(declared, aPool(), aPool({ name: "gpu" }))).to.equal(
      "Kubernetes 1.33.4 → 1.34.3 in one roll: pool-a (gardenlinux 1592.10.0 → 1877.3.0), 3 nodes, 1 at a time; " +
        "gpu (gardenlinux 1592.10.0 → 1592.14.0), 3 nodes, 1 at a time",
    );
  });

  it("names pools that only restart apart from those that roll", () => {
    const declared = { ...patch, workers: { gpu: { machineImage: version("1877.3.0") } } };
    expect(described(declared, aPool(), aPool({ name: "gpu" }))).to.equal(
      "Kubernetes 1.33.4 → 1.33.9 and gardenlinux 1592.10.0 → 1877.3.0 in one roll: gpu, 3 nodes, 1 at a time; " +
        "kubelets restart in place in pool-a",
    );
  });

  it("counts shares of the pool as Kubernetes rounds them", () => {
    expect(described(image, aPool({ maxSurge: "34%" }))).to.match(/, 3 nodes, 2 at a time$/);
    expect(described(image, aPool({ maxSurge: 0, maxUnavailable: "10%" }))).to.match(
      /, 3 nodes, 1 at a time$/,
    );
    expect(described(image, aPool({ maximum: 9, maxSurge: "25%" }))).to.match(
      /, 3 to 9 nodes, 25% at a time$/,
    );
  });

  it("names nodes that are updated in place", () => {
    const pool = aPool({ updateStrategy: "AutoInPlaceUpdate", maxSurge: 0, maxUnavailable: 1 });
    expect(described(image, pool)).to.match(/pool-a, 3 nodes, in place, 1 at a time$/);
    expect(described(image, { ...pool, updateStrategy: "ManualInPlaceUpdate" })).to.match(
      /pool-a, 3 nodes, in place, when the nodes are selected manually$/,
    );
  });

  it("names a Shoot without workers", () => {
    expect(described(minor)).to.equal("Kubernetes 1.33.4 → 1.34.3: the control plane only");
  });

  it("names images that differ by pool alone", () => {
    const declared = { ...image, workers: { gpu: { machineImage: version("1592.14.0") } } };
    expect(described(declared, aPool(), aPool({ name: "gpu" }))).to.equal(
      "pool-a (gardenlinux 1592.10.0 → 1877.3.0), 3 nodes, 1 at a time; " +
        "gpu (gardenlinux 1592.10.0 → 1592.14.0), 3 nodes, 1 at a time",
    );
  });

  it("names a pool that has no nodes", () => {
    expect(described(image, aPool({ minimum: 0, maximum: 0 }))).to.match(/: pool-a, no nodes, 1 at a time$/);
  });

  it("leaves out a share of none", () => {
    for (const none of ["0%", "0"]) {
      const pool = aPool({ maximum: 9, maxSurge: "25%", maxUnavailable: none });
      expect(described(image, pool), none).to.match(/, 3 to 9 nodes, 25% at a time$/);
    }
  });

  it("counts what is not a number as none", () => {
    expect(described(image, aPool({ maxSurge: "many", maxUnavailable: 2 }))).to.match(/, 2 at a time$/);
  });
});

describe("the description of a pinned pool's step", () => {
  const kubernetes = { from: "1.32.9", to: "1.33.4" };
  const step = { pools: [{ name: "gpu", kubernetes, replacesNodes: true }] };
  const shoot = aShoot({ workers: [aPool({ name: "gpu", kubernetesVersion: "1.32.9" })] });

  it("names the pool with its versions", () => {
    expect(describeStep(step, shoot)).to.equal("gpu (Kubernetes 1.32.9 → 1.33.4), 3 nodes, 1 at a time");
    expect(summarizeStep(step)).to.equal("gpu on Kubernetes 1.32.9 → 1.33.4");
  });

  it("does not repeat the control plane's versions", () => {
    const together = { kubernetes: { from: "1.32.1", to: "1.33.4", minor: true }, ...step };
    expect(describeStep(together, shoot)).to.equal("Kubernetes 1.32.1 → 1.33.4: gpu, 3 nodes, 1 at a time");
    expect(summarizeStep(together)).to.equal("Kubernetes 1.32.1 → 1.33.4");
  });
});

describe("the summary of a step", () => {
  const change = (name: string, machineImage?: { name: string; from: string; to: string }) => ({
    name,
    ...(machineImage && { machineImage }),
    replacesNodes: true,
  });
  const kubernetes = { from: "1.33.4", to: "1.34.3", minor: true };
  const suse = { name: "suse-chost", from: "15.4.1", to: "15.5.0" };
  const gardenlinux = { name: "gardenlinux", from: "1592.10.0", to: "1877.3.0" };

  it("lists Kubernetes and each image once", () => {
    const pools = [change("a", gardenlinux), change("b", gardenlinux), change("c", suse), change("d")];
    expect(summarizeStep({ kubernetes, pools })).to.equal(
      "Kubernetes 1.33.4 → 1.34.3, gardenlinux 1592.10.0 → 1877.3.0 and suse-chost 15.4.1 → 15.5.0",
    );
  });
});
