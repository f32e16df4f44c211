import { expect } from "chai";
import { kubeletConstraint, maintainableVersions, unsuitable } from "../../../provider/plan/suitability";
import { aCloudProfile, anImage, anImageVersion, aPool } from "../builders";

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
    [">= 1.30, !=1.33.2", "1.33.3", "1.33.2"],
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

  it("suit where one of several values of the machine type is served", () => {
    const both = aCloudProfile({
      machineCapabilities: { bootMode: ["bios", "uefi"], gpu: ["none"] },
      machineTypes: [
        { name: "m5.small", architecture: "amd64", capabilities: { bootMode: ["bios"] } },
        { name: "m5.large", architecture: "amd64", capabilities: { bootMode: ["uefi", "bios"] } },
      ],
    });
    const image = (bootMode: string) =>
      anImageVersion("1877.3.0", { architectures: [], capabilityFlavors: [{ bootMode: [bootMode] }] });
    expect(unsuitable(image("uefi"), aPool(), "1.33.4", both)).to.equal(undefined);
    expect(unsuitable(image("none"), aPool(), "1.33.4", both)).to.match(/^lacks capabilities/);
    const unknown = aPool({ machineType: "gone" });
    expect(unsuitable(image("none"), unknown, "1.33.4", both)).to.equal(undefined);
  });

  it("do not suit where the machine type has one that the CloudProfile does not list", () => {
    const capabilities = { bootMode: ["uefi"], gpu: ["a100"] };
    const unlisted = aCloudProfile({
      machineCapabilities: { bootMode: ["bios", "uefi"] },
      machineTypes: [{ name: "m5.large", architecture: "amd64", capabilities }],
    });
    const image = anImageVersion("1877.3.0", { architectures: [] });
    expect(unsuitable(image, aPool(), "1.33.4", unlisted)).to.match(/^lacks capabilities/);
  });
});

describe("the architecture of an image", () => {
  it("restricts nothing where the CloudProfile does not name any", () => {
    const image = anImageVersion("1877.3.0", { architectures: [] });
    expect(unsuitable(image, aPool(), "1.33.4", aCloudProfile())).to.equal(undefined);
  });
});

describe("the container runtime of an image", () => {
  const reason = (cri: ReturnType<typeof anImageVersion>["cri"], pool = aPool()) =>
    unsuitable(anImageVersion("1877.3.0", { cri }), pool, "1.33.4", aCloudProfile());
  const requires = (...containerRuntimes: readonly string[]) =>
    aPool({ cri: { name: "containerd", containerRuntimes } });

  it("restricts nothing where the pool names none", () => {
    expect(reason([{ name: "cri-o", containerRuntimes: [] }], aPool({ cri: undefined }))).to.equal(undefined);
  });

  it("is containerd where the CloudProfile does not name any", () => {
    expect(reason([])).to.equal(undefined);
    expect(reason([], requires("gvisor"))).to.equal("lacks the container runtime gvisor");
    const other = aPool({ cri: { name: "cri-o", containerRuntimes: [] } });
    expect(reason([], other)).to.equal("has containerd, not cri-o");
  });

  it("names only the runtimes that are missing", () => {
    const offered = [{ name: "containerd", containerRuntimes: ["gvisor"] }];
    expect(reason(offered, requires("gvisor", "kata"))).to.equal("lacks the container runtime kata");
  });
});

describe("the versions among which maintenance chooses", () => {
  const names = (pool = aPool(), profile = aCloudProfile()) =>
    maintainableVersions(pool, "1.33.4", profile).map(({ version }) => version);
  const offering = (...versions: readonly ReturnType<typeof anImageVersion>[]) =>
    aCloudProfile({ machineImages: [anImage({ versions })] });

  it("are those of the pool's own image", () => {
    const other = anImage({ name: "suse-chost", versions: [anImageVersion("15.4.1")] });
    const profile = aCloudProfile({
      machineImages: [other, anImage({ versions: [anImageVersion("1592.14.0")] })],
    });
    expect(names(aPool(), profile)).to.deep.equal(["1592.14.0"]);
  });

  it("are none where the CloudProfile does not have the image", () => {
    expect(names(aPool(), aCloudProfile({ machineImages: [] }))).to.deep.equal([]);
  });

  it("do not contain others that do not suit", () => {
    const profile = offering(
      anImageVersion("1592.10.0"),
      anImageVersion("1592.14.0", { architectures: ["arm64"] }),
    );
    expect(names(aPool(), profile)).to.deep.equal(["1592.10.0"]);
  });

  it("contain the running one in place only where it supports that", () => {
    const pool = aPool({ updateStrategy: "AutoInPlaceUpdate" });
    const supporting = anImageVersion("1592.10.0", { inPlaceUpdates: { supported: true } });
    expect(names(pool, offering(supporting))).to.deep.equal(["1592.10.0"]);
    expect(names(pool, offering(anImageVersion("1592.10.0")))).to.deep.equal([]);
  });

  it("contain another one in place only where it can be updated from the running one", () => {
    const pool = aPool({ updateStrategy: "AutoInPlaceUpdate" });
    const profile = offering(anImageVersion("1592.14.0", { inPlaceUpdates: { supported: true } }));
    expect(names(pool, profile)).to.deep.equal([]);
  });
});
