import { expect } from "chai";
import { quiet } from "./clock";
import { aScene, operation, PATCH, patched, underWay } from "./scene";

describe("an older state of the same generation", () => {
  it("does not replace a newer one", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.setNodes(patched());
    const older = { ...scene.live, resourceVersion: "99", lastOperation: operation("Succeeded", 100) };
    await scene.send({ kind: "seen", shoot: older });
    await quiet();
    expect(running.running()).to.equal(true);
    await scene.succeed();
    expect((await running.ended).kind).to.equal("done");
  });
});
