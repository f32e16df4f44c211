import { expect } from "chai";
import { kubeletConstraint, unsuitable } from "../../../provider/plan/suitability";
import { aCloudProfile, anImageVersion, aPool } from "../builders";

describe("a kubelet constraint", () => {
  const allows = (constraint: string, kubelet: string) =>
    kubeletConstraint(anImageVersion("1.0.0", { kubeletVersionConstraint: constraint }), kubelet) ===
    undefined;

  for (const [constraint, yes, no] of [
    ["< 1.34", "1.33.9", "1.34.0"],
    [">= 1.26, < 1.34", "1.26.0", "1.34.1"],
    [">=1.26 <1.34", "1.33.0", "1.25.9"],
    ["> 1.26", "1.27.0", "1.26.5"],
    ["<= 1.33", "1.33.9", "1.34.0"],
    ["~1.33.2", "1.33.9", "1.33.1"],
    ["< 1.30 || >= 1.34", "1.34.0", "1.32.0"],
    [">= 1.30, != 1.33.2", "1.33.3", "1.33.2"],
    ["=> 1.30", "1.30.0", "1.29.0"],
  ] as const) {
    it(`"${constraint}" holds for ${yes} and not for ${no}`, () => {
      expect(allows(constraint, yes)).to.equal(true);
      expect(allows(constraint, no)).to.equal(false);
    });
  }

  it("that cannot be parsed excludes nothing: the server decides", () => {
    expect(allows("whatever", "1.34.0")).to.equal(true);
  });
});

describe("machine capabilities", () => {
  const profile = aCloudProfile({
    machineCapabilities: { architecture: ["amd64", "arm64"], bootMode: ["bios", "uefi"] },
    machineTypes: [
      {
        name: "m5.large",
        architecture: "amd64",
        capabilities: { architecture: ["amd64"], bootMode: ["uefi"] },
      },
    ],
  });
  const reason = (...capabilityFlavors: Readonly<Record<string, readonly string[]>>[]) =>
    unsuitable(
      anImageVersion("1877.3.0", { architectures: [], capabilityFlavors }),
      aPool(),
      "1.33.4",
      profile,
    );

  it("suit where one flavor serves the machine type in each", () => {
    expect(
      reason(
        { architecture: ["amd64"], bootMode: ["bios"] },
        { architecture: ["amd64"], bootMode: ["uefi"] },
      ),
    ).to.equal(undefined);
  });

  it("suit where the image names none, or leaves one open", () => {
    expect(reason()).to.equal(undefined);
    expect(reason({ architecture: ["amd64"] })).to.equal(undefined);
  });

  it("do not suit where no single flavor serves all", () => {
    expect(reason({ architecture: ["amd64"], bootMode: ["bios"] })).to.equal(
      "lacks capabilities of machine type m5.large",
    );
  });

  it("carry the architecture", () => {
    expect(reason({ architecture: ["arm64"] })).to.equal("is made for arm64, not for amd64");
  });
});
