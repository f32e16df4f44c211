import { expect } from "chai";
import { aCloudProfile, anImage, anImageVersion, aPool, aShoot, version } from "../builders";
import { offeringImages, planned, refused } from "./asking";

describe("an image that stays while Kubernetes moves", () => {
  const scene = offeringImages(
    anImageVersion("1592.10.0", { kubeletVersionConstraint: "< 1.34" }),
    anImageVersion("1877.3.0", { kubeletVersionConstraint: ">= 1.33, < 1.36" }),
  );

  it("refuses the upgrade where it cannot run the new kubelets, and the ones that can are named", () => {
    const [problem] = refused({ kubernetes: version("1.34") }, scene);
    expect([problem?.code, problem?.property]).to.deep.equal(["GU035", "kubernetes.version"]);
    expect(problem?.message).to.equal(
      "garden-demo/web: gardenlinux 1592.10.0 of worker pool pool-a runs kubelets < 1.34 only, not 1.34.3; " +
        "declare a machineImage version that suits; suitable and newer: 1877.3.0.",
    );
  });

  it("refuses it, too, where the declared image version holds it back", () => {
    const [problem] = refused({ kubernetes: version("1.34"), machineImage: version("1592.10.0") }, scene);
    expect(problem?.property).to.equal("machineImage.version");
  });

  it("does not hinder a patch that it can run", () => {
    expect(planned({ kubernetes: version("1.33") }, scene).steps).to.have.length(1);
  });

  it("does not concern a pool that is pinned below", () => {
    const shoot = aShoot({ workers: [aPool({ kubernetesVersion: "1.33.4" })] });
    expect(planned({ kubernetes: version("1.34") }, { ...scene, shoot }).steps).to.have.length(1);
  });
});

describe("an image that no longer suits the pool that runs it", () => {
  const constrained = anImageVersion("1592.10.0", { kubeletVersionConstraint: "< 1.33" });
  const scene = {
    ...offeringImages(constrained, anImageVersion("1877.3.0")),
    shoot: aShoot({
      workers: [aPool(), aPool({ name: "gpu", machineImage: { name: "gardenlinux", version: "1877.2.0" } })],
    }),
  };
  const gpu = { gpu: { machineImage: version("1877.3.0") } };

  it("refuses every change, also of another pool, as Gardener checks all images at each", () => {
    const [problem] = refused({ workers: gpu }, scene);
    expect([problem?.code, problem?.property]).to.deep.equal(["GU035", undefined]);
    expect(problem?.message).to.equal(
      "garden-demo/web: gardenlinux 1592.10.0 of worker pool pool-a runs kubelets < 1.33 only, not 1.33.4, " +
        "and Gardener refuses every change of the Shoot until this is fixed; declare a machineImage version that suits; " +
        "suitable and newer: 1877.3.0.",
    );
  });

  it("is refused for the machine capabilities that it lacks as well", () => {
    const profile = aCloudProfile({
      machineCapabilities: { bootMode: ["bios", "uefi"] },
      machineTypes: [{ name: "m5.large", architecture: "amd64", capabilities: { bootMode: ["uefi"] } }],
      machineImages: [
        anImage({
          versions: [
            anImageVersion("1592.10.0", { capabilityFlavors: [{ bootMode: ["bios"] }] }),
            anImageVersion("1877.3.0"),
          ],
        }),
      ],
    });
    const [problem] = refused({ kubernetes: version("1.33") }, { profile });
    expect(problem?.code).to.equal("GU035");
    expect(problem?.message).to.contain(
      "gardenlinux 1592.10.0 of worker pool pool-a lacks capabilities of machine type m5.large, and Gardener refuses every change",
    );
  });

  it("hinders nothing where the same step replaces it", () => {
    const plan = planned({ machineImage: version("1877.3.0") }, scene);
    expect(plan.steps[0]?.pools.map(({ name }) => name)).to.deep.equal(["pool-a", "gpu"]);
  });

  it("is no matter where there is nothing to change", () => {
    expect(planned({ workers: { gpu: { machineImage: version("1877.2.0") } } }, scene).steps).to.deep.equal(
      [],
    );
  });
});
