import { expect } from "chai";
import { upgrades } from "../../../provider/plan";
import { aCloudProfile, aMaintenance, anImage, anImageVersion, aPool, aShoot, NOW } from "../builders";

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

  it("name the next maintenance window, and none where the Shoot has none", () => {
    expect(found().maintenanceWindow).to.deep.equal({
      begin: "2026-11-23T22:00:00.000Z",
      end: "2026-11-23T23:00:00.000Z",
    });
    const maintenance = aMaintenance({ timeWindow: undefined });
    expect(upgrades(aShoot({ maintenance }), aCloudProfile(), NOW)).not.to.have.property("maintenanceWindow");
  });

  it("contain what Gardener will upgrade by itself", () => {
    expect(found().forecast.map(({ kind, to }) => `${kind} ${to}`)).to.deep.equal([
      "kubernetes 1.33.9",
      "machineImage 1592.14.0",
    ]);
  });

  it("do not call a pool pinned that follows the control plane", () => {
    expect(found().workers["pool-a"]).to.include({ kubernetesVersion: "1.33.4", pinned: false });
  });

  it("have the running version of the pool's own image where the CloudProfile has others", () => {
    const other = anImage({ name: "suse-chost", versions: [anImageVersion("15.4.1")] });
    const profile = aCloudProfile({ machineImages: [other, anImage()] });
    const { workers } = upgrades(aShoot(), profile, NOW);
    expect(workers["pool-a"]?.machineImage.current.classification).to.equal("deprecated");
  });

  it("are plain JSON", () => {
    const result = found();
    expect(JSON.parse(JSON.stringify(result))).to.deep.equal(result);
  });
});
