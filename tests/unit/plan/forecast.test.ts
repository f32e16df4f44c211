import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import { forecast } from "../../../provider/plan/forecast";
import {
  aCloudProfile,
  aMaintenance,
  anImage,
  anImageVersion,
  aPool,
  aShoot,
  aVersion,
  NOW,
} from "../builders";

const asking = aMaintenance({ autoUpdate: { kubernetesVersion: true, machineImageVersion: true } });
const about = (parts: Partial<Shoot>, profile = aCloudProfile(), now = NOW) =>
  forecast(aShoot(parts), profile, now);

describe("the forecast", () => {
  it("names what happens in the next maintenance window", () => {
    const notBefore = "2026-11-23T22:00:00.000Z";
    expect(about({ maintenance: asking })).to.deep.equal([
      { kind: "kubernetes", from: "1.33.4", to: "1.33.9", reason: "automatic", notBefore },
      {
        kind: "machineImage",
        pool: "pool-a",
        machineImage: "gardenlinux",
        from: "1592.10.0",
        to: "1592.14.0",
        reason: "automatic",
        notBefore,
      },
    ]);
  });

  it("names what is forced in the first window after the expiry", () => {
    expect(about({}).map(({ to, reason, notBefore }) => [to, reason, notBefore])).to.deep.equal([
      ["1.33.9", "expired", "2027-02-28T22:00:00.000Z"],
      ["1592.14.0", "expired", "2027-03-31T22:00:00.000Z"],
    ]);
  });

  it("takes the next window where this one's maintenance is over", () => {
    const lastMaintenance = {
      description: "",
      state: "Succeeded",
      triggeredTime: new Date("2026-11-23T22:05:00Z"),
    };
    const [first] = about(
      { maintenance: asking, lastMaintenance },
      aCloudProfile(),
      new Date("2026-11-23T22:20:00Z"),
    );
    expect(first?.notBefore).to.equal("2026-11-24T22:00:00.000Z");
  });

  it("caps a pinned pool at what the control plane runs", () => {
    const profile = aCloudProfile({ kubernetesVersions: [aVersion("1.33.4"), aVersion("1.33.9")] });
    const pinned = aPool({ kubernetesVersion: "1.33.2" });
    const [pool] = about({ workers: [pinned] }, profile);
    expect(pool).to.include({
      kind: "kubernetes",
      pool: "pool-a",
      from: "1.33.2",
      to: "1.33.4",
      reason: "expired",
    });
  });

  it("lets a pinned pool follow the control plane in the same window", () => {
    const found = about({ maintenance: asking, workers: [aPool({ kubernetesVersion: "1.33.4" })] });
    expect(found.filter(({ kind }) => kind === "kubernetes").map(({ to }) => to)).to.deep.equal([
      "1.33.9",
      "1.33.9",
    ]);
  });

  it("asks images whether they run the kubelets of today, not of tomorrow", () => {
    const versions = [
      anImageVersion("1592.10.0"),
      anImageVersion("1592.11.0", { kubeletVersionConstraint: "< 1.33.9" }),
    ];
    const profile = aCloudProfile({ machineImages: [anImage({ versions })] });
    expect(about({ maintenance: asking }, profile).map(({ to }) => to)).to.deep.equal([
      "1.33.9",
      "1592.11.0",
    ]);
  });

  it("has no target where Gardener finds none", () => {
    const profile = aCloudProfile({ kubernetesVersions: [aVersion("1.35.2")], machineImages: [] });
    expect(about({}, profile)).to.deep.equal([
      { kind: "kubernetes", from: "1.33.4", reason: "expired", notBefore: "2026-11-23T22:00:00.000Z" },
    ]);
  });

  it("is dated without a window as well", () => {
    const maintenance = aMaintenance({ timeWindow: undefined });
    expect(about({ maintenance })[0]?.notBefore).to.equal("2027-02-28T00:00:00.000Z");
  });
});
