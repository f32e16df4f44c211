import { expect } from "chai";
import { classify, expiryOf } from "../../../provider/plan/classification";
import { aVersion, NOW } from "../builders";

const expiry = "2026-11-23T12:00:00Z";

describe("the classification of a version", () => {
  it("is what it is declared to be until the expiration date", () => {
    const version = aVersion("1.34.3", "deprecated", "2026-11-23T12:00:01Z");
    expect(classify(version, NOW)).to.equal("deprecated");
  });

  it("turns to expired strictly after the date", () => {
    const version = aVersion("1.34.3", "supported", expiry);
    expect(classify(version, NOW)).to.equal("supported");
    expect(classify(version, new Date(NOW.getTime() + 1))).to.equal("expired");
  });

  it("is unavailable before its first stage begins", () => {
    const lifecycle = [{ classification: "preview" as const, from: new Date("2026-12-01T00:00:00Z") }];
    expect(classify({ version: "1.37.0", lifecycle }, NOW)).to.equal("unavailable");
  });

  it("is the last stage that has begun", () => {
    const lifecycle = [
      { classification: "preview" as const, from: new Date("2026-10-01T00:00:00Z") },
      { classification: "supported" as const, from: new Date("2026-11-01T00:00:00Z") },
      { classification: "deprecated" as const, from: new Date("2026-12-01T00:00:00Z") },
    ];
    expect(classify({ version: "1.37.0", lifecycle }, NOW)).to.equal("supported");
  });

  it("comes with the date of expiry where there is one", () => {
    expect(expiryOf(aVersion("1.34.3", "supported", expiry))).to.deep.equal(new Date(expiry));
    expect(expiryOf(aVersion("1.34.3"))).to.equal(undefined);
  });
});
