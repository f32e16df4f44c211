import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import { forecast, nextMaintenance } from "../../../provider/plan/forecast";
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

const about = (parts: Partial<Shoot>, profile = aCloudProfile(), now = NOW) =>
  forecast(aShoot(parts), profile, now);
const triggered = (time: string) => ({
  description: "",
  state: "Succeeded" as const,
  triggeredTime: new Date(time),
});

describe("the times of the forecast", () => {
  it("contain the expiry of a Shoot without workers", () => {
    expect(about({ workers: [] }).map(({ expires }) => expires)).to.deep.equal(["2027-02-28T00:00:00.000Z"]);
  });

  it("contain the expiry of a pinned pool's own version", () => {
    const versions = [aVersion("1.32.5", "deprecated", "2027-01-31T00:00:00Z"), aVersion("1.32.9")];
    const profile = aCloudProfile({
      kubernetesVersions: [...versions, aVersion("1.33.4")],
      machineImages: [],
    });
    const found = about({ workers: [aPool({ kubernetesVersion: "1.32.5" })] }, profile);
    expect(found.map(({ pool, to, notBefore }) => [pool, to, notBefore])).to.deep.equal([
      ["pool-a", "1.32.9", "2027-01-31T22:00:00.000Z"],
    ]);
  });

  it("are those of each expiry, whichever comes first", () => {
    const versions = [
      anImageVersion("1592.10.0", { expires: "2026-12-31T00:00:00Z" }),
      anImageVersion("1592.14.0"),
    ];
    const profile = aCloudProfile({ machineImages: [anImage({ versions })] });
    expect(about({}, profile).map(({ kind, notBefore }) => [kind, notBefore])).to.deep.equal([
      ["kubernetes", "2027-02-28T22:00:00.000Z"],
      ["machineImage", "2026-12-31T22:00:00.000Z"],
    ]);
  });

  it("are those of the pool's own image where the CloudProfile has others", () => {
    const other = anImage({
      name: "suse-chost",
      versions: [anImageVersion("1592.10.0", { expires: "2026-12-31T00:00:00Z" })],
    });
    const profile = aCloudProfile({ machineImages: [other, anImage()] });
    expect(about({}, profile).at(-1)).to.include({
      kind: "machineImage",
      expires: "2027-03-31T00:00:00.000Z",
      notBefore: "2027-03-31T22:00:00.000Z",
    });
  });

  it("contain the open window for a version that has expired since it was opened", () => {
    const profile = aCloudProfile({
      kubernetesVersions: [aVersion("1.33.4", "supported", "2026-11-23T22:05:00Z"), aVersion("1.33.9")],
      machineImages: [],
    });
    expect(about({}, profile, new Date("2026-11-23T22:10:00Z"))[0]).to.include({
      to: "1.33.9",
      notBefore: "2026-11-23T22:00:00.000Z",
    });
  });
});

describe("the next maintenance", () => {
  const begin = (parts: Partial<Shoot>, now = NOW) =>
    nextMaintenance(aShoot(parts), now)?.begin.toISOString();
  const open = new Date("2026-11-23T22:20:00Z");

  it("is in the open window where the last one was in the window before", () => {
    expect(begin({ lastMaintenance: triggered("2026-11-22T22:05:00Z") }, open)).to.equal(
      "2026-11-23T22:00:00.000Z",
    );
  });

  it("is in the window after the one that began with the last maintenance", () => {
    expect(begin({ lastMaintenance: triggered("2026-11-23T22:00:00Z") }, open)).to.equal(
      "2026-11-24T22:00:00.000Z",
    );
  });

  it("is unknown without a window or with an invalid one, also after a maintenance", () => {
    const lastMaintenance = triggered("2026-11-22T22:05:00Z");
    for (const timeWindow of [undefined, { begin: "22:00", end: "23:00" }]) {
      expect(begin({ maintenance: aMaintenance({ timeWindow }), lastMaintenance })).to.equal(undefined);
    }
  });
});
