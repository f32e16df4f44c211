import { expect } from "chai";
import { upgrades } from "../../../provider/plan";
import { aCloudProfile, anImage, anImageVersion, aPool, aShoot, NOW } from "../builders";

describe("upgrades", () => {
  const found = () => upgrades(aShoot(), aCloudProfile(), NOW);

  it("name the running version and its expiry", () => {
    expect(found().kubernetes.current).to.deep.equal({
      version: "1.33.4",
      classification: "deprecated",
      expires: "2027-02-28T00:00:00.000Z",
    });
  });

  it("list patches and the next minor, newest first, without later minors and expired versions", () => {
    expect(found().kubernetes.patches.map(({ version }) => version)).to.deep.equal(["1.33.9"]);
    expect(
      found().kubernetes.minors.map(({ version, classification }) => `${version} ${classification}`),
    ).to.deep.equal(["1.34.4 preview", "1.34.3 supported", "1.34.1 deprecated"]);
    expect(found().kubernetes.minors[0]?.notes).to.match(/CHANGELOG-1\.34\.md$/);
  });

  it("list for each pool the newer image versions that suit it", () => {
    const versions = [
      anImageVersion("1592.10.0"),
      anImageVersion("1592.14.0"),
      anImageVersion("1877.3.0", { architectures: ["arm64"] }),
    ];
    const profile = aCloudProfile({ machineImages: [anImage({ versions })] });
    const { workers } = upgrades(aShoot({ workers: [aPool({ kubernetesVersion: "1.33.2" })] }), profile, NOW);
    expect(workers).to.deep.equal({
      "pool-a": {
        kubernetesVersion: "1.33.2",
        pinned: true,
        machineImage: {
          name: "gardenlinux",
          current: { version: "1592.10.0", classification: "supported" },
          available: [{ version: "1592.14.0", classification: "supported" }],
        },
      },
    });
  });

  it("classify a version that the CloudProfile does not have as removed", () => {
    const { kubernetes, workers } = upgrades(
      aShoot(),
      aCloudProfile({ kubernetesVersions: [], machineImages: [] }),
      NOW,
    );
    expect(kubernetes.current.classification).to.equal("removed");
    expect(workers["pool-a"]?.machineImage.current.classification).to.equal("removed");
  });

  it("are plain JSON", () => {
    const result = found();
    expect(JSON.parse(JSON.stringify(result))).to.deep.equal(result);
  });
});
