import { expect } from "chai";
import type { MachineImageVersion } from "../../../provider/model/cloudprofile";
import { anImageVersion, aPool, aShoot, channel, version } from "../builders";
import { imageOf, offeringImages, planned, refused } from "./asking";

describe("a declared machine image version that does not suit the pool", () => {
  const newer = (parts: Partial<MachineImageVersion>) => offeringImages(anImageVersion("1877.3.0", parts));

  it("is refused for its architecture", () => {
    const [problem] = refused({ machineImage: version("1877.3.0") }, newer({ architectures: ["arm64"] }));
    expect(problem?.code).to.equal("GU035");
    expect(problem?.message).to.contain(
      "gardenlinux 1877.3.0 does not suit worker pool pool-a: it is made for arm64, not for amd64",
    );
  });

  it("is refused for its container runtime interface", () => {
    const [problem] = refused(
      { machineImage: version("1877.3.0") },
      newer({ cri: [{ name: "cri-o", containerRuntimes: [] }] }),
    );
    expect(problem?.message).to.contain("it has cri-o, not containerd");
  });

  it("is refused for a container runtime that it lacks", () => {
    const cri = { name: "containerd", containerRuntimes: ["gvisor"] };
    const scene = { ...newer({}), shoot: aShoot({ workers: [aPool({ cri })] }) };
    expect(refused({ machineImage: version("1877.3.0") }, scene)[0]?.message).to.contain(
      "it lacks the container runtime gvisor",
    );
  });

  it("is refused for the kubelets it cannot run", () => {
    const [problem] = refused(
      { machineImage: version("1877.3.0") },
      newer({ kubeletVersionConstraint: ">= 1.34" }),
    );
    expect(problem?.message).to.contain("it runs kubelets >= 1.34 only, not 1.33.4");
  });

  it("is passed over by a prefix and by a channel", () => {
    const versions = [anImageVersion("1877.2.0"), anImageVersion("1877.3.0", { architectures: ["arm64"] })];
    expect(imageOf(version("1877"), offeringImages(...versions))).to.equal("1877.2.0");
    expect(imageOf(channel("major"), offeringImages(...versions))).to.equal("1877.2.0");
  });

  it("suits when the kubelets are upgraded in the same step", () => {
    const scene = newer({ kubeletVersionConstraint: ">= 1.34" });
    const plan = planned({ kubernetes: version("1.34"), machineImage: version("1877.3.0") }, scene);
    expect(plan.steps).to.have.length(1);
    expect(plan.steps[0]?.pools[0]?.machineImage?.to).to.equal("1877.3.0");
  });
});

describe("in-place updates of machine images", () => {
  const inPlace = { shoot: aShoot({ workers: [aPool({ updateStrategy: "AutoInPlaceUpdate" })] }) };

  it("are refused where the image does not support them", () => {
    const [problem] = refused({ machineImage: version("1877.3.0") }, inPlace);
    expect(problem?.message).to.contain("it cannot be installed in place, as AutoInPlaceUpdate requires");
  });

  it("are refused from a version below the least one", () => {
    const inPlaceUpdates = { supported: true, minVersionForUpdate: "1592.12.0" };
    const scene = { ...inPlace, ...offeringImages(anImageVersion("1877.3.0", { inPlaceUpdates })) };
    const [problem] = refused({ machineImage: version("1877.3.0") }, scene);
    expect(problem?.message).to.contain("it can be installed in place from 1592.12.0 on, not from 1592.10.0");
  });

  it("are refused where the image names no least version, as Gardener refuses them", () => {
    const scene = {
      ...inPlace,
      ...offeringImages(anImageVersion("1877.3.0", { inPlaceUpdates: { supported: true } })),
    };
    const [problem] = refused({ machineImage: version("1877.3.0") }, scene);
    expect(problem?.code).to.equal("GU035");
    expect(problem?.message).to.contain("does not name the first version for that (minVersionForUpdate)");
  });

  it("are planned from the least version on", () => {
    const inPlaceUpdates = { supported: true, minVersionForUpdate: "1592.10.0" };
    const scene = { ...inPlace, ...offeringImages(anImageVersion("1877.3.0", { inPlaceUpdates })) };
    expect(imageOf(version("1877.3.0"), scene)).to.equal("1877.3.0");
  });
});
