import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import { quiet } from "./clock";
import { aCluster, aScene, failure, HOLD, MINUTE, targetOf } from "./scene";
import { limits, BOTH, imaged, finish } from "./steps";

describe("a rollout of several steps that ends before the last", () => {
  it("reports what was completed before a step that fails", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH);
    await quiet();
    scene.answers.push(() => ({ kind: "refused", message: "1.33.9 is not allowed" }));
    await finish(scene, imaged);
    const { code, message } = failure(running);
    expect(code).to.equal("GU050");
    expect(message)
      .to.contain("1.33.9 is not allowed")
      .and.to.contain("Completed before: gardenlinux 1592.10.0 → 1877.3.0");
  });

  it("writes the first step and reports what is left where it does not wait", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH, { options: { wait: false } });
    await quiet();
    expect(running.outcome()).to.include({ kind: "written" });
    expect(scene.changes).to.have.length(1);
    expect(scene.infos.join("\n")).to.contain(
      "1 step left for the next `pulumi up`: Kubernetes 1.33.4 → 1.33.9",
    );
  });

  it("stops at a hold that is set between two steps, and reports what was completed", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH);
    await quiet();
    await scene.begin();
    await scene.setNodes(imaged);
    await scene.move({ annotations: { [HOLD]: "trade fair" } });
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "held" });
    expect(scene.changes).to.have.length(1);
    expect(scene.warnings.map(({ code }) => code)).to.deep.equal(["GU045"]);
    expect(scene.warnings[0]?.message).to.contain("after: gardenlinux 1592.10.0 → 1877.3.0");
  });

  it("writes no minor to a Shoot that is hibernated between two steps", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(targetOf("1.34.3", "1877.3.0"));
    await quiet();
    await scene.begin();
    await scene.setNodes(imaged);
    await scene.move({ hibernation: { enabled: true, hibernated: false } });
    await scene.succeed();
    expect(failure(running).code).to.equal("GU044");
    expect(failure(running).message).to.contain("hibernated").and.to.contain("Completed before");
    expect(scene.changes).to.have.length(1);
  });

  it("writes no further step once another rollout has failed", async () => {
    let failed = false;
    const assertMayWrite = async (): Promise<void> => {
      if (failed) throw new UserError("GU055", "web: not written, because the rollout of other failed.");
    };
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH, { assertMayWrite });
    await quiet();
    failed = true;
    await finish(scene, imaged);
    expect(failure(running).code).to.equal("GU055");
    expect(failure(running).message).to.contain("Completed before");
    expect(scene.changes).to.have.length(1);
  });

  it("counts the timeout for each step separately", async () => {
    const scene = aScene(aCluster(), limits);
    const running = scene.start(BOTH, { options: { timeoutMs: 60 * MINUTE } });
    await quiet();
    await scene.begin();
    await scene.clock.advance(50 * MINUTE);
    await finish(scene, imaged);
    await scene.begin();
    await scene.clock.advance(50 * MINUTE);
    expect(running.running()).to.equal(true);
    await scene.clock.advance(11 * MINUTE);
    expect(failure(running).code).to.equal("GU057");
  });
});
