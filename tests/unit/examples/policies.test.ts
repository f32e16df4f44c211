import { expect } from "chai";
import type { GetUpgradesResult, Target } from "pulumi-gardener";
import { crossingChannels, distantWaivers } from "../../../examples/policies/declarations";
import { expiringVersions, previewVersions } from "../../../examples/policies/versions";
import { upgrades } from "../../../provider/plan";
import { aCloudProfile, aShoot, NOW } from "../builders";

describe("the policies of examples/policies", () => {
  const offered: GetUpgradesResult = upgrades(aShoot(), aCloudProfile(), NOW);
  const target = (kubernetesVersion: string, version = "1592.14.0"): Target => ({
    kubernetesVersion,
    workers: { "pool-a": { kubernetesVersion, machineImage: { name: "gardenlinux", version } } },
  });

  it("refuse preview versions of Kubernetes and of machine images", () => {
    expect(previewVersions(target("1.34.4", "1950.0.0"), offered)).to.deep.equal([
      "Kubernetes 1.34.4 is a preview; production clusters run supported versions.",
      "gardenlinux of pool-a 1950.0.0 is a preview; production clusters run supported versions.",
    ]);
  });

  it("accept supported and deprecated versions, and what is not managed", () => {
    expect(previewVersions(target("1.34.3"), offered)).to.deep.equal([]);
    expect(previewVersions(target("1.34.1", "unmanaged"), offered)).to.deep.equal([]);
  });

  it("refuse what expires within the days given", () => {
    const expiring = (days: number) => expiringVersions(target("1.33.4"), offered, days, NOW);
    expect(expiring(100)).to.deep.equal([
      "Kubernetes 1.33.4 expires on 2027-02-28, within 100 days; declare a newer version.",
    ]);
    expect(expiring(90)).to.deep.equal([]);
  });

  it("refuse channels that cross minors", () => {
    const found = crossingChannels({
      kubernetes: { channel: "stable" },
      machineImage: { channel: "major" },
      workers: { gpu: { machineImage: { channel: "minor" } } },
    });
    expect(found.map((text) => text.split(" is ")[0])).to.deep.equal([
      "kubernetes.channel",
      "machineImage.channel",
      "workers.gpu.machineImage.channel",
    ]);
  });

  it("accept the channel patch, and versions", () => {
    expect(
      crossingChannels({ kubernetes: { channel: "patch" }, machineImage: { version: "1592.14.0" } }),
    ).to.deep.equal([]);
  });

  it("refuse waivers whose date is far away, or no date", () => {
    const waiver = (until: string) =>
      distantWaivers(
        { preflight: { waivers: [{ check: "drain", until, reason: "moves in January" }] } },
        90,
        NOW,
      );
    expect(waiver("2027-01-31")).to.deep.equal([]);
    expect(waiver("2099-01-01")).to.have.length(1);
    expect(waiver("soon")).to.deep.equal(['The waiver for drain has no date; give until: "2027-01-31".']);
  });
});
