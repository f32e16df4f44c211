import { expect } from "chai";
import {
  compareToPrefix,
  compareVersions,
  isNewer,
  isSame,
  minorOf,
  minorsBetween,
  parsePrefix,
  parseVersion,
  sameMajor,
  sameMinor,
} from "../../../provider/plan/versions";

describe("versions", () => {
  it("count missing parts as 0, as Gardener does for machine images", () => {
    expect(parseVersion("1877.3")?.version).to.equal("1877.3.0");
    expect(parseVersion("0.0.1-beta")?.version).to.equal("0.0.1-beta");
    expect(parseVersion("20241005.01")?.version).to.equal("20241005.1.0");
  });

  it("are undefined for what is not a version", () => {
    for (const text of ["", "latest", "1.2.3.4", "1.x", "99999999999999999999"]) {
      expect(parseVersion(text), text).to.equal(undefined);
    }
  });

  it("are ordered by number, with pre-releases before their release", () => {
    const sorted = ["1.10.0", "1.9.2", "1.10.0-beta", "1.9"].sort(compareVersions);
    expect(sorted).to.deep.equal(["1.9", "1.9.2", "1.10.0-beta", "1.10.0"]);
  });

  it("are never newer than what cannot be compared", () => {
    expect(isNewer("1.34.3", "latest")).to.equal(false);
    expect(isNewer("latest", "1.34.3")).to.equal(false);
  });

  it("match a prefix part by part, not letter by letter", () => {
    const prefix = parsePrefix("1.3") ?? { parts: [] };
    expect(compareToPrefix("1.3.9", prefix)).to.equal(0);
    expect(compareToPrefix("1.34.0", prefix)).to.be.greaterThan(0);
    expect(compareToPrefix("1.2.9", prefix)).to.be.lessThan(0);
    expect(parsePrefix("1.34.3")).to.equal(undefined);
  });

  it("are infinitely many minors apart across majors", () => {
    expect(minorsBetween("1.33.4", "1.35.0")).to.equal(2);
    expect(minorsBetween("1.33.4", "2.0.0")).to.equal(Infinity);
  });

  it("that are no versions come before all that are", () => {
    expect(compareVersions("latest", "1.0.0")).to.be.lessThan(0);
    expect(compareVersions("1.0.0", "latest")).to.be.greaterThan(0);
    expect(compareVersions("latest", "newest")).to.equal(0);
  });

  it("are the same in any spelling, and never the same as what cannot be compared", () => {
    expect(isSame("1877.3", "1877.3.0")).to.equal(true);
    expect(isSame("1877.3", "1877.3.1")).to.equal(false);
    expect(isSame("latest", "1.0.0")).to.equal(false);
    expect(isSame("1.0.0", "latest")).to.equal(false);
  });

  it("match a prefix with a leading v", () => {
    expect(parsePrefix("v1.34")).to.deep.equal({ parts: [1, 34] });
  });

  it("come before every prefix where they are no versions", () => {
    expect(compareToPrefix("latest", { parts: [0] })).to.be.lessThan(0);
  });

  it("share minor and major only where both are versions", () => {
    expect([sameMinor("1.34.1", "1.34.3"), sameMinor("1.34.1", "1.35.1")]).to.deep.equal([true, false]);
    expect([sameMajor("1.34.1", "1.35.1"), sameMajor("1.34.1", "2.0.0")]).to.deep.equal([true, false]);
    expect([sameMajor("latest", "1.0.0"), sameMajor("1.0.0", "latest")]).to.deep.equal([false, false]);
    expect(sameMajor("latest", "latest")).to.equal(false);
    expect(minorOf("latest")).to.equal("latest");
  });

  it("are infinitely many minors apart where one is no version", () => {
    expect(minorsBetween("latest", "1.34.3")).to.equal(Infinity);
    expect(minorsBetween("1.34.3", "latest")).to.equal(Infinity);
  });
});
