import { expect } from "chai";
import { classify, compareVersions, parseVersion, satisfiesConstraint } from "../../validation/versions";

const NOW = new Date("2026-11-23T04:00:00Z");
const PAST = "2026-11-22T04:00:00Z";
const FUTURE = "2026-11-24T04:00:00Z";

describe("A version in a CloudProfile", () => {
  it("is supported by default", () => {
    expect(classify({ version: "1.0.0" }, NOW)).to.equal("supported");
  });

  it("is the declared one until it expires", () => {
    const entry = { version: "1.0.0", classification: "deprecated" };
    expect(classify({ ...entry, expirationDate: FUTURE }, NOW)).to.equal("deprecated");
    expect(classify({ ...entry, expirationDate: PAST }, NOW)).to.equal("expired");
  });

  it("is supported before a mere expiration date", () => {
    expect(classify({ version: "1.0.0", expirationDate: FUTURE }, NOW)).to.equal("supported");
  });

  it("follows its lifecycle stages", () => {
    const stages = (first: string, second: string) => ({
      version: "1.0.0",
      lifecycle: [
        { classification: "preview", startTime: first },
        { classification: "supported", startTime: second },
      ],
    });
    expect(classify(stages(FUTURE, FUTURE), NOW)).to.equal("unavailable");
    expect(classify(stages(PAST, FUTURE), NOW)).to.equal("preview");
    expect(classify(stages(PAST, PAST), NOW)).to.equal("supported");
  });

  it("compares by number, with or without all parts", () => {
    expect(compareVersions("1.9.0", "1.10.0")).to.equal(-1);
    expect(compareVersions("1.10", "1.10.0")).to.equal(0);
    expect(compareVersions("x", "1.0.0")).to.equal(undefined);
    expect(parseVersion("v1.2")?.version).to.equal("1.2.0");
  });

  it("satisfies constraints as Gardener writes them", () => {
    expect(satisfiesConstraint("1.33.4", ">= 1.26, < 1.34")).to.equal(true);
    expect(satisfiesConstraint("1.34.0", ">= 1.26, < 1.34")).to.equal(false);
  });
});
