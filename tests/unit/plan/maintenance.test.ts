import { expect } from "chai";
import type { ImageUpdateStrategy, OfferedVersion } from "../../../provider/model/cloudprofile";
import { imageMaintenance, kubernetesMaintenance } from "../../../provider/plan/maintenance";
import { aVersion, NOW } from "../builders";

const past = "2026-01-01T00:00:00Z";

describe("Gardener's choice of a Kubernetes version", () => {
  const choice = (current: string, automatic: boolean, ...versions: readonly OfferedVersion[]) =>
    kubernetesMaintenance({ current, versions, automatic }, NOW);
  const live = aVersion("1.33.4");

  it("is none without automatic updates while the version has not expired", () => {
    expect(choice("1.33.4", false, live, aVersion("1.33.9"))).to.equal(undefined);
  });

  it("is the highest patch of the minor, neither preview nor expired", () => {
    const others = [
      aVersion("1.33.8"),
      aVersion("1.33.9", "preview"),
      aVersion("1.33.10", "supported", past),
      aVersion("1.34.3"),
    ];
    expect(choice("1.33.4", true, live, ...others)).to.deep.equal({ to: "1.33.8", reason: "automatic" });
  });

  it("is a deprecated patch only where no other qualifies", () => {
    const deprecated = aVersion("1.33.9", "deprecated");
    expect(choice("1.33.4", true, live, deprecated, aVersion("1.33.5"))?.to).to.equal("1.33.5");
    expect(choice("1.33.4", true, live, deprecated)?.to).to.equal("1.33.9");
  });

  it("is never another minor while the version has not expired", () => {
    expect(choice("1.33.4", true, live, aVersion("1.34.3"))).to.equal(undefined);
  });

  it("is a patch first, with or without automatic updates, once the version has expired", () => {
    const expired = aVersion("1.33.4", "supported", past);
    expect(choice("1.33.4", false, expired, aVersion("1.33.5"), aVersion("1.34.3"))).to.deep.equal({
      to: "1.33.5",
      reason: "expired",
    });
  });

  it("is the next minor where the minor has nothing left; there deprecated counts as supported", () => {
    const versions = [
      aVersion("1.33.4", "supported", past),
      aVersion("1.34.5"),
      aVersion("1.34.6", "deprecated"),
      aVersion("1.35.2"),
    ];
    expect(choice("1.33.4", false, ...versions)?.to).to.equal("1.34.6");
  });

  it("is even an expired version of the next minor where there is no other", () => {
    const versions = [
      aVersion("1.33.4", "supported", past),
      aVersion("1.34.5", "supported", past),
      aVersion("1.34.6", "preview"),
    ];
    expect(choice("1.33.4", false, ...versions)?.to).to.equal("1.34.5");
  });

  it("is sought and not found where the next minor is missing", () => {
    const versions = [aVersion("1.33.4", "supported", past), aVersion("1.35.2")];
    expect(choice("1.33.4", false, ...versions)).to.deep.equal({ reason: "expired" });
  });

  it("is forced where the CloudProfile does not have the version any more", () => {
    expect(choice("1.33.4", false, aVersion("1.34.3"))).to.deep.equal({ to: "1.34.3", reason: "removed" });
  });
});

describe("Gardener's choice of a machine image version", () => {
  const choice = (
    strategy: ImageUpdateStrategy,
    automatic: boolean,
    ...versions: readonly OfferedVersion[]
  ) => imageMaintenance({ current: "1.2.0", versions, automatic }, strategy, NOW)?.to;
  const live = aVersion("1.2.0");
  const gone = aVersion("1.2.0", "supported", past);
  const others = [aVersion("1.4.0"), aVersion("1.5.0"), aVersion("2.1.0"), aVersion("3.0.0")];

  it("is a patch of the same minor first, whatever the strategy", () => {
    for (const strategy of ["patch", "minor", "major"] as const) {
      expect(choice(strategy, true, live, aVersion("1.2.1"), ...others), strategy).to.equal("1.2.1");
    }
  });

  it("goes as far as the strategy where there is no patch", () => {
    expect(choice("patch", true, live, ...others)).to.equal(undefined);
    expect(choice("minor", true, live, ...others)).to.equal("1.5.0");
    expect(choice("major", true, live, ...others)).to.equal("3.0.0");
  });

  it("is forced one group further once expired: the next minor, or the next major", () => {
    expect(choice("patch", false, gone, ...others)).to.equal("1.4.0");
    expect(choice("minor", false, gone, aVersion("2.1.0"), aVersion("2.2.0"), aVersion("3.0.0"))).to.equal(
      "2.2.0",
    );
  });

  it("skips no minor that exists, be all of it expired", () => {
    const expired = aVersion("1.3.1", "supported", past);
    expect(choice("patch", false, gone, expired, ...others)).to.equal("1.3.1");
  });

  it("is not found for major where nothing newer is offered", () => {
    expect(choice("major", false, gone)).to.equal(undefined);
  });

  it("counts a version among the expired only where the next minor is skipped", () => {
    const versions = [aVersion("1.4.0"), aVersion("1.4.3", "supported", past)];
    expect(choice("patch", false, gone, ...versions)).to.equal("1.4.0");
    expect(choice("patch", false, gone, aVersion("1.3.0", "preview"), ...versions)).to.equal("1.4.3");
  });

  it("takes a lower minor of another major for one that is skipped", () => {
    const versions = [aVersion("1.4.0"), aVersion("1.4.3", "supported", past), aVersion("2.3.0")];
    expect(choice("patch", false, gone, ...versions)).to.equal("1.4.3");
  });

  it("treats a version that does not qualify as removed from the CloudProfile", () => {
    const found = imageMaintenance(
      { current: "1.2.0", versions: [aVersion("1.3.0")], automatic: false },
      "patch",
      NOW,
    );
    expect(found).to.deep.equal({ to: "1.3.0", reason: "removed" });
  });

  it("ignores what is not a version", () => {
    const found = imageMaintenance(
      {
        current: "1.0.0",
        versions: [
          aVersion("1.0.0", "supported", past),
          aVersion("latest"),
          aVersion("1.4.0"),
          aVersion("1.4.3", "supported", past),
        ],
        automatic: false,
      },
      "patch",
      NOW,
    );
    expect(found?.to).to.equal("1.4.0");
  });
});
