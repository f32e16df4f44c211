import { expect } from "chai";
import { describeCondition, matches, parseCondition } from "../../../cli/report/conditions";
import type { ReadShoot } from "../../../cli/report/build";
import { UserError } from "../../../provider/model/problem";
import { aCloudProfile, aShoot, aVersion, NOW } from "../builders";
import { aFinding, aReportedShoot } from "./reports";

describe("--fail-on", () => {
  function isMet(condition: string, parts: Partial<ReadShoot> = {}): boolean {
    return aReportedShoot(parts).notices.some((notice) => matches(parseCondition(condition), notice, NOW));
  }

  const running = (classification: "supported" | "deprecated", expires?: string): Partial<ReadShoot> => ({
    shoot: aShoot({ workers: [] }),
    profile: aCloudProfile({ kubernetesVersions: [aVersion("1.33.4", classification, expires)] }),
  });

  it("pending is met where a newer supported version is available", () => {
    expect(isMet("pending")).to.equal(true);
    expect(isMet("pending", running("supported"))).to.equal(false);
  });

  it("pending=patch is not met by a minor", () => {
    const profile = aCloudProfile({ kubernetesVersions: [aVersion("1.33.4"), aVersion("1.34.3")] });
    const shoot = aShoot({ workers: [] });
    expect(isMet("pending=minor", { shoot, profile })).to.equal(true);
    expect(isMet("pending=patch", { shoot, profile })).to.equal(false);
  });

  it("deprecated is met by deprecated, expired and removed versions", () => {
    expect(isMet("deprecated", running("supported", "2027-01-01T00:00:00Z"))).to.equal(false);
    expect(isMet("deprecated", running("deprecated"))).to.equal(true);
    expect(isMet("deprecated", running("supported", "2026-11-01T00:00:00Z"))).to.equal(true);
    const profile = aCloudProfile({ kubernetesVersions: [] });
    expect(isMet("deprecated", { shoot: aShoot({ workers: [] }), profile })).to.equal(true);
  });

  it("expiring is met within the duration, and by what has expired", () => {
    const inTenDays = running("supported", "2026-12-03T12:00:00Z");
    expect(isMet("expiring=10d", inTenDays)).to.equal(true);
    expect(isMet("expiring=9d23h", inTenDays)).to.equal(false);
    expect(isMet("expiring=1d", running("supported", "2026-11-01T00:00:00Z"))).to.equal(true);
    expect(isMet("expiring=30d", running("deprecated"))).to.equal(false);
  });

  it("forced is met by a forced update within the duration, not by an automatic one", () => {
    const parts = running("deprecated", "2026-12-03T12:00:00Z");
    expect(isMet("forced=11d", parts)).to.equal(true);
    expect(isMet("forced=9d", parts)).to.equal(false);
    const maintenance = {
      ...aShoot().maintenance,
      autoUpdate: { kubernetesVersion: true, machineImageVersion: true },
    };
    expect(isMet("forced=30d", { shoot: aShoot({ maintenance }) })).to.equal(false);
  });

  it("finding is met by findings of that severity and above", () => {
    const preflight = { checks: [], findings: [aFinding({ severity: "warn" })] };
    expect(isMet("finding=info", { preflight })).to.equal(true);
    expect(isMet("finding=warn", { preflight })).to.equal(true);
    expect(isMet("finding", { preflight })).to.equal(false);
  });

  it("has defaults", () => {
    const written = ["pending", "deprecated", "expiring", "forced", "finding"].map((text) =>
      describeCondition(parseCondition(text)),
    );
    expect(written).to.deep.equal(["pending", "deprecated", "expiring=30d", "forced=14d", "finding=block"]);
  });

  const mistakes: readonly (readonly [string, string, RegExp])[] = [
    ["expirng=30d", "GU021", /unknown condition "expirng"; allowed are pending, .*did you mean "expiring"/],
    ["expiring=30", "GU025", /"30" is not a duration; write one such as --fail-on expiring=30d/],
    ["forced=soon", "GU025", /"soon"/],
    ["deprecated=30d", "GU021", /deprecated takes no value, found "30d"/],
    ["pending=patches", "GU021", /expected pending=patch, pending=minor, pending=major, found "patches"/],
    ["finding=high", "GU021", /expected finding=block, finding=warn, finding=info, found "high"/],
    ["constructor", "GU021", /unknown condition "constructor"/],
  ];
  for (const [text, code, message] of mistakes) {
    it(`refuses ${text}, and names what is allowed`, () => {
      expect(() => parseCondition(text))
        .to.throw(UserError, message)
        .that.includes({ code, property: "--fail-on" });
    });
  }
});
