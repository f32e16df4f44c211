import { expect } from "chai";
import { anImageVersion, version } from "../builders";
import { offeringImages, planned, refused } from "./asking";

describe("a declared machine image version that cannot be used", () => {
  const messages = (...parts: Parameters<typeof refused>) =>
    refused(...parts).map(({ code, message }) => `${code} ${message}`);

  it("is refused with an example where it is not a version", () => {
    expect(messages({ machineImage: version("latest") }, offeringImages())).to.deep.equal([
      'GU024 garden-demo/web: "latest" is not a machine image version; declare one such as "1877.3.0"; suitable and newer: none.',
    ]);
  });

  it("is refused before its first stage begins", () => {
    const lifecycle = [{ classification: "supported" as const, from: new Date("2027-06-01T00:00:00Z") }];
    const scene = offeringImages({ ...anImageVersion("1877.3.0"), lifecycle });
    expect(messages({ machineImage: version("1877.3.0") }, scene)[0]).to.match(/^GU034 /);
  });

  it("is refused where there are only previews", () => {
    const scene = offeringImages(anImageVersion("1877.3.0", { classification: "preview" }));
    expect(messages({ machineImage: version("1877") }, scene)).to.deep.equal([
      "GU032 garden-demo/web: of gardenlinux 1877 there are only preview versions for worker pool pool-a; declare one exactly, or wait; suitable and newer: 1877.3.0 (preview).",
    ]);
  });

  it("is refused where all have expired", () => {
    const scene = offeringImages(anImageVersion("1877.3.0", { expires: "2026-10-01T00:00:00Z" }));
    expect(messages({ machineImage: version("1877") }, scene)).to.deep.equal([
      "GU037 garden-demo/web: of gardenlinux 1877 there are only expired versions for worker pool pool-a; suitable and newer: none.",
    ]);
  });

  it("is refused alone where the running version does not suit either", () => {
    const scene = offeringImages(anImageVersion("1592.10.0", { kubeletVersionConstraint: "< 1.33" }));
    const declared = { kubernetes: version("1.34"), machineImage: version("1877.3.0") };
    expect(refused(declared, scene).map(({ code }) => code)).to.deep.equal(["GU034"]);
  });

  it("is refused for the running version where a newer one than declared runs", () => {
    const scene = offeringImages(anImageVersion("1592.10.0", { kubeletVersionConstraint: "< 1.34" }));
    const declared = { kubernetes: version("1.34"), machineImage: version("1443.3.0") };
    expect(refused(declared, scene).map(({ code }) => code)).to.deep.equal(["GU035"]);
  });
});

describe("a declared part of a machine image version", () => {
  it("keeps a supported version where only a deprecated one is newer", () => {
    const versions = [
      anImageVersion("1592.10.0"),
      anImageVersion("1592.14.0", { classification: "deprecated" }),
    ];
    const plan = planned({ machineImage: version("1592") }, offeringImages(...versions));
    expect(plan.steps).to.deep.equal([]);
  });
});
