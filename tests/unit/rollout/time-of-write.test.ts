import { expect } from "chai";
import { aLastOperation } from "../builders";
import { timeOfWrite } from "../../../provider/rollout/nodes";
import { aCluster } from "./scene";

const WRITTEN = new Date("2026-11-23T12:00:00Z");
const LATER = new Date("2026-11-23T12:05:00Z");

describe("the time of a write", () => {
  const before = aCluster({
    lastOperation: aLastOperation({ lastUpdateTime: new Date("2026-11-23T11:00:00Z") }),
  });
  const started = aCluster({
    lastOperation: aLastOperation({ lastUpdateTime: new Date("2026-11-23T12:00:03Z") }),
  });

  it("is that of our clock, where it agrees with the garden's", () => {
    expect(timeOfWrite(new Date("2026-11-23T12:00:00Z"), before, started)).to.deep.equal(WRITTEN);
  });

  it("is not later than the operation that it started, however far ahead our clock is", () => {
    expect(timeOfWrite(LATER, before, started)).to.deep.equal(new Date("2026-11-23T12:00:03Z"));
  });

  it("is not earlier than what happened before it, however far behind our clock is", () => {
    expect(timeOfWrite(new Date("2026-11-23T03:00:00Z"), before, started)).to.deep.equal(
      new Date("2026-11-23T11:00:00Z"),
    );
  });

  it("has whole seconds, as creation times have", () => {
    expect(timeOfWrite(new Date("2026-11-23T12:00:00.900Z"), before, undefined)).to.deep.equal(WRITTEN);
  });
});
