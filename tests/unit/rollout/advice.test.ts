import { expect } from "chai";
import { adviceFor, codesOf, isPermanentlyFailed } from "../../../provider/rollout/advice";
import type { OperationState, Shoot } from "../../../provider/model/shoot";
import { aCluster, operation } from "./scene";

const withCodes = (state: OperationState, ...codes: readonly string[]): Shoot =>
  aCluster({ lastOperation: operation(state, 60), lastErrors: [{ description: "x", codes: [...codes] }] });

describe("an operation that Gardener does not retry", () => {
  for (const [state, code, permanent] of [
    ["Failed", undefined, true],
    ["Failed", "ERR_INFRA_RATE_LIMITS_EXCEEDED", false],
    ["Error", undefined, false],
    ["Error", "ERR_INFRA_QUOTA_EXCEEDED", true],
    ["Error", "ERR_INFRA_RESOURCES_DEPLETED", false],
    ["Error", "ERR_OF_A_LATER_GARDENER", false],
    ["Error", "constructor", false],
    ["Processing", "ERR_INFRA_QUOTA_EXCEEDED", false],
    ["Succeeded", "ERR_INFRA_QUOTA_EXCEEDED", false],
  ] as const) {
    it(`is ${permanent ? "" : "not "}one that is ${state}${code === undefined ? "" : ` with ${code}`}`, () => {
      expect(isPermanentlyFailed(withCodes(state, ...(code === undefined ? [] : [code])))).to.equal(
        permanent,
      );
    });
  }

  it("is not one where none was started", () => {
    expect(isPermanentlyFailed(aCluster({ lastOperation: undefined }))).to.equal(false);
  });
});

describe("the advice for error codes", () => {
  it("is there for codes that are known, once each", () => {
    const shoot = withCodes("Error", "ERR_X", "ERR_INFRA_QUOTA_EXCEEDED", "ERR_INFRA_QUOTA_EXCEEDED");
    expect(codesOf(shoot)).to.deep.equal(["ERR_INFRA_QUOTA_EXCEEDED", "ERR_X"]);
    expect(adviceFor(shoot)).to.have.length(1);
    expect(adviceFor(withCodes("Error", "ERR_X"))).to.deep.equal([]);
  });
});
