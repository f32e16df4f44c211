import { expect } from "chai";
import { decodeCloudProfile } from "../../../../provider/garden/gardener/decode";
import { refusalOf } from "../support/failures";

describe("a CloudProfile as the API sends it", () => {
  const profileWith = (spec: object) => decodeCloudProfile("local", { spec: { type: "local", ...spec } });
  const image = (version: object, spec: object = {}) =>
    profileWith({ ...spec, machineImages: [{ name: "os", versions: [{ version: "1.0.0", ...version }] }] })
      .machineImages[0];

  it("makes stages of classification and expiration date", () => {
    const versions = [
      { version: "1.33.4" },
      { version: "1.34.3", classification: "preview" },
      { version: "1.32.1", classification: "deprecated", expirationDate: "2026-12-01T00:00:00Z" },
    ];
    expect(profileWith({ kubernetes: { versions } }).kubernetesVersions).to.deep.equal([
      { version: "1.33.4", lifecycle: [{ classification: "supported" }] },
      { version: "1.34.3", lifecycle: [{ classification: "preview" }] },
      {
        version: "1.32.1",
        lifecycle: [
          { classification: "deprecated" },
          { classification: "expired", from: new Date("2026-12-01T00:00:00Z") },
        ],
      },
    ]);
  });

  it("takes the stages of a lifecycle as they are", () => {
    const lifecycle = [
      { classification: "preview" },
      { classification: "supported", startTime: "2026-12-01T00:00:00Z" },
    ];
    const [version] = profileWith({
      kubernetes: { versions: [{ version: "1.35.0", lifecycle }] },
    }).kubernetesVersions;
    expect(version?.lifecycle).to.deep.equal([
      { classification: "preview", from: undefined },
      { classification: "supported", from: new Date("2026-12-01T00:00:00Z") },
    ]);
  });

  it("gives images the server's defaults", () => {
    expect(image({})).to.deep.equal({
      name: "os",
      updateStrategy: "major",
      versions: [
        {
          version: "1.0.0",
          lifecycle: [{ classification: "supported" }],
          architectures: ["amd64"],
          cri: [{ name: "containerd", containerRuntimes: [] }],
          kubeletVersionConstraint: undefined,
          inPlaceUpdates: undefined,
          capabilityFlavors: [],
        },
      ],
    });
  });

  it("takes architectures from the flavors where the profile uses capabilities, with what they leave out", () => {
    const universe = {
      machineCapabilities: [
        { name: "architecture", values: ["amd64", "arm64"] },
        { name: "gpu", values: ["none", "a100"] },
      ],
    };
    const [flavored] = image({ capabilityFlavors: [{ architecture: ["arm64"] }] }, universe)?.versions ?? [];
    expect(flavored?.architectures).to.deep.equal(["arm64"]);
    expect(flavored?.capabilityFlavors).to.deep.equal([{ architecture: ["arm64"], gpu: ["none", "a100"] }]);
    const [whole] = image({}, universe)?.versions ?? [];
    expect(whole?.architectures).to.deep.equal(["amd64", "arm64"]);
  });

  it("reads the capabilities of machine types", () => {
    const machineTypes = [{ name: "small" }, { name: "arm", architecture: "arm64" }];
    expect(profileWith({ machineTypes }).machineTypes.map(({ architecture }) => architecture)).to.deep.equal([
      "amd64",
      "arm64",
    ]);
  });

  it("names what is missing", () => {
    expect(refusalOf(() => profileWith({ kubernetes: { versions: [{}] } }))).to.equal(
      "CloudProfile local: spec.kubernetes.versions[0].version is missing, expected a text.",
    );
  });
});
