import { expect } from "chai";
import {
  compareToPrefix,
  compareVersions,
  isNewer,
  minorsBetween,
  parsePrefix,
  parseVersion,
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
});
