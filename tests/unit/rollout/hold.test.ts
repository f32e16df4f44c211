import { expect } from "chai";
import { aCondition } from "../builders";
import { quiet } from "./clock";
import { aCluster, aScene, failure, HOLD, MINOR, MINUTE, operation, PATCH } from "./scene";

describe("a Shoot under the hold annotation", () => {
  it("is skipped, and the warning has the reason and the command that removes the annotation", async () => {
    const scene = aScene(aCluster({ annotations: { [HOLD]: "trade fair until Friday" } }));
    const running = scene.start(PATCH);
    await quiet();
    expect(running.outcome()).to.include({ kind: "held" });
    expect(scene.changes).to.deep.equal([]);
    expect(scene.warnings).to.have.length(1);
    expect(scene.warnings[0]).to.include({ code: "GU045", severity: "warning" });
    expect(scene.warnings[0]?.message)
      .to.include("web: skipped")
      .and.include("trade fair until Friday")
      .and.include("Nothing was written")
      .and.include(`kubectl --namespace garden-demo annotate shoot web ${HOLD}-`);
  });

  for (const value of ["", "  "]) {
    it(`is skipped also where the annotation is ${JSON.stringify(value)}`, async () => {
      const scene = aScene(aCluster({ annotations: { [HOLD]: value } }));
      const running = scene.start(PATCH);
      await quiet();
      expect(running.outcome()).to.include({ kind: "held" });
      expect(scene.changes).to.deep.equal([]);
      expect(scene.warnings[0]?.message).to.include("without a reason");
    });
  }

  it("is skipped where the hold is set between two attempts", async () => {
    const scene = aScene();
    scene.answers.push((_change, live) => {
      scene.live = { ...live, annotations: { [HOLD]: "stop" } };
      return { kind: "conflict", message: "modified" };
    });
    const running = scene.start(PATCH);
    await scene.clock.advance(MINUTE);
    expect(running.outcome()).to.include({ kind: "held" });
    expect(scene.accepted).to.deep.equal([]);
  });

  it("is skipped where the hold is set while it waits for readiness", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Processing", 40) }));
    const running = scene.start(MINOR);
    await scene.move({ annotations: { [HOLD]: "stop" } });
    expect(running.outcome()).to.include({ kind: "held" });
    expect(scene.changes).to.deep.equal([]);
  });

  it("is not skipped where nothing is pending", async () => {
    const scene = aScene(aCluster({ kubernetesVersion: "1.33.9", annotations: { [HOLD]: "stop" } }));
    const running = scene.start(PATCH);
    await quiet();
    expect(running.outcome()).to.include({ kind: "nothing" });
    expect(scene.warnings).to.deep.equal([]);
  });
});

describe("a Shoot that was hibernated after the plan was checked", () => {
  for (const hibernation of [
    { enabled: true, hibernated: true },
    { enabled: true, hibernated: false },
    { enabled: false, hibernated: true },
  ]) {
    it(`takes no minor: ${JSON.stringify(hibernation)}`, async () => {
      const scene = aScene(aCluster({ hibernation }));
      const running = scene.start(MINOR);
      await quiet();
      expect(failure(running).code).to.equal("GU044");
      expect(failure(running).message).to.include("hibernated").and.include("Nothing was written");
      expect(scene.changes).to.deep.equal([]);
    });
  }

  it("takes a patch", async () => {
    const scene = aScene(aCluster({ hibernation: { enabled: true, hibernated: true } }));
    scene.start(PATCH);
    await quiet();
    expect(scene.accepted).to.have.length(1);
  });

  it("is refused without waiting until it is healthy", async () => {
    const scene = aScene(aCluster({ conditions: [aCondition({ status: "Progressing" })] }));
    const running = scene.start(MINOR);
    await scene.move({ hibernation: { enabled: true, hibernated: false } });
    expect(failure(running).code).to.equal("GU044");
    expect(scene.changes).to.deep.equal([]);
  });
});
