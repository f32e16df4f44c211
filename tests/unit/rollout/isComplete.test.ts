import { expect } from "chai";
import { isComplete } from "../../../provider/rollout/completion";
import { aCluster, operation, PATCH } from "./scene";

describe("a change of versions", () => {
  const change = { uid: "uid-1", generation: 5, target: PATCH };
  const complete = aCluster({ kubernetesVersion: "1.33.9" });

  it("is complete when the operation has succeeded on its generation with its versions", () => {
    expect(isComplete(complete, change)).to.equal(true);
  });

  for (const [what, parts] of [
    ["in another cluster of the same name", { uid: "uid-2" }],
    ["in a Shoot that is being deleted", { deletionTimestamp: new Date() }],
    ["while Gardener has not observed its generation", { observedGeneration: 4 }],
    ["while the operation is in progress", { lastOperation: operation("Processing", 99) }],
    ["where the spec has older versions", { kubernetesVersion: "1.33.8" }],
  ] as const) {
    it(`is not complete ${what}`, () => {
      expect(isComplete({ ...complete, ...parts }, change)).to.equal(false);
    });
  }
});
