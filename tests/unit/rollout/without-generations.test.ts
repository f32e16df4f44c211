import { expect } from "chai";
import { quiet } from "./clock";
import { aCluster, aScene, failure, operation, PATCH } from "./scene";
import { limits } from "./steps";

describe("a rollout on a garden without generations", () => {
  for (const state of ["Processing", "Pending", "Error"] as const) {
    it(`writes nothing while an operation is in progress: ${state}`, async () => {
      const scene = aScene(aCluster({ lastOperation: operation(state, 30) }), limits);
      scene.start(PATCH);
      await quiet();
      expect(scene.changes).to.deep.equal([]);
      await scene.succeed();
      expect(scene.changes).to.have.length(1);
    });
  }

  it("writes after one that has failed, which will not end any more", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Failed", 30) }), limits);
    scene.start(PATCH);
    await quiet();
    expect(scene.changes).to.have.length(1);
  });

  it("names no command that only a Gardener API server accepts", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(PATCH);
    await quiet();
    await scene.begin({
      lastOperation: operation("Failed", 30),
      lastErrors: [{ description: "quota", codes: ["ERR_INFRA_QUOTA_EXCEEDED"] }],
    });
    expect(failure(running).message).not.to.contain("kubectl");
    expect(failure(running).message).to.contain("control panel");
  });
});
