import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import { quiet } from "./clock";
import { aCluster, aScene, failure, IMAGE, MINOR, MINUTE, operation, PATCH } from "./scene";

describe("before a minor", () => {
  const unwell = (status: "False" | "Progressing" | "Unknown"): Pick<Shoot, "conditions"> => ({
    conditions: [
      { type: "EveryNodeReady", status, reason: "NodeUnhealthy", message: "node n2 is not ready" },
    ],
  });

  for (const status of ["Progressing", "Unknown", "False"] as const) {
    it(`a condition that is ${status} is waited for, and the status line says so`, async () => {
      const scene = aScene(aCluster(unwell(status)));
      const running = scene.start(MINOR);
      await scene.clock.advance(9 * MINUTE);
      expect(running.running()).to.equal(true);
      expect(scene.changes).to.deep.equal([]);
      expect(scene.statuses[0]).to.include(`waiting · for EveryNodeReady (${status}: node n2 is not ready)`);
      await scene.move({ conditions: aCluster().conditions });
      expect(scene.accepted).to.have.length(1);
    });
  }

  it("a condition that stays Progressing for an hour is still waited for", async () => {
    const scene = aScene(aCluster(unwell("Progressing")));
    const running = scene.start(MINOR);
    await scene.clock.advance(60 * MINUTE);
    expect(running.running()).to.equal(true);
  });

  it("a running operation is waited for", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Processing", 40) }));
    scene.start(MINOR);
    await scene.clock.advance(30 * MINUTE);
    expect(scene.changes).to.deep.equal([]);
    expect(scene.statuses.join()).to.include("Reconcile to succeed (Processing, 40 %)");
    await scene.succeed();
    expect(scene.accepted).to.have.length(1);
  });

  it("a live migration of the control plane is waited for until it has succeeded, and no longer", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Processing", 40, { type: "LiveMigrate" }) }));
    scene.start(MINOR);
    await scene.clock.advance(30 * MINUTE);
    expect(scene.changes).to.deep.equal([]);
    await scene.move({ lastOperation: operation("Succeeded", 100, { type: "LiveMigrate" }) });
    expect(scene.accepted).to.have.length(1);
  });

  it("a change that Gardener has not started to reconcile is waited for", async () => {
    const scene = aScene(aCluster({ generation: 6 }));
    scene.start(MINOR);
    await quiet();
    expect(scene.changes).to.deep.equal([]);
    await scene.begin();
    await scene.succeed();
    expect(scene.accepted).to.have.length(1);
  });

  it("a condition that is False for longer than ten minutes ends the wait, with its message", async () => {
    const scene = aScene(aCluster(unwell("False")));
    const running = scene.start(MINOR);
    await scene.clock.advance(10 * MINUTE);
    expect(failure(running)).to.have.property("code", "GU044");
    expect(failure(running).message).to.include("EveryNodeReady").and.include("node n2 is not ready");
    expect(scene.changes).to.deep.equal([]);
  });

  it("a condition that recovers in between has its ten minutes again", async () => {
    const scene = aScene(aCluster(unwell("False")));
    const running = scene.start(MINOR);
    await scene.clock.advance(6 * MINUTE);
    await scene.move(unwell("Progressing"));
    await scene.clock.advance(MINUTE);
    await scene.move(unwell("False"));
    await scene.clock.advance(9 * MINUTE);
    expect(running.running()).to.equal(true);
  });

  it("a failed last operation ends the wait at once", async () => {
    const scene = aScene(
      aCluster({
        lastOperation: operation("Failed", 30),
        lastErrors: [{ description: "quota exceeded", codes: ["ERR_INFRA_QUOTA_EXCEEDED"] }],
      }),
    );
    const running = scene.start(MINOR);
    await quiet();
    expect(failure(running)).to.have.property("code", "GU044");
    expect(failure(running).message)
      .to.include("quota exceeded")
      .and.include("head-room")
      .and.include("operation=retry");
    expect(scene.changes).to.deep.equal([]);
  });

  it("the plan is computed again on the Shoot as it is after the wait", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Processing", 40), resourceVersion: "100" }));
    scene.start(MINOR);
    await scene.move({ lastOperation: operation("Succeeded", 100), resourceVersion: "300" });
    expect(scene.changes.map(({ resourceVersion }) => resourceVersion)).to.deep.equal(["300"]);
  });
});

describe("a patch or an image", () => {
  it("is written while another operation is in progress: Gardener queues it", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Processing", 40) }));
    const running = scene.start(PATCH);
    await quiet();
    expect(scene.accepted).to.have.length(1);
    expect(running.running()).to.equal(true);
    expect(scene.statuses.join()).to.include("queued").and.include("after its Reconcile (Processing, 40 %)");
  });

  it("is written to a cluster that is not healthy", async () => {
    const scene = aScene(
      aCluster({ conditions: [{ type: "EveryNodeReady", status: "False", reason: "x", message: "" }] }),
    );
    scene.start(IMAGE);
    await quiet();
    expect(scene.accepted).to.have.length(1);
  });

  for (const type of ["Migrate", "Restore"] as const) {
    it(`waits while the control plane is migrated (${type})`, async () => {
      const scene = aScene(aCluster({ lastOperation: operation("Processing", 40, { type }) }));
      scene.start(PATCH);
      await scene.clock.advance(MINUTE);
      expect(scene.changes).to.deep.equal([]);
      expect(scene.statuses.join()).to.include(type);
      await scene.move({ lastOperation: operation("Succeeded", 100, { type: "Restore" }) });
      expect(scene.accepted).to.have.length(1);
    });
  }
});
