import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import { aCondition } from "../builders";
import { quiet } from "./clock";
import { aCluster, aScene, failure, IMAGE, MINOR, MINUTE, operation, PATCH } from "./scene";

describe("before a minor", () => {
  const unwell = (status: "False" | "Progressing" | "Unknown"): Pick<Shoot, "conditions"> => ({
    conditions: [
      { type: "EveryNodeReady", status, reason: "NodeUnhealthy", message: "node n2 is not ready" },
    ],
  });

  for (const status of ["Progressing", "Unknown", "False"] as const) {
    it(`a condition that is ${status} is waited for, and shown in the status line`, async () => {
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

describe("several conditions before a minor", () => {
  const conditions = (...unhealthy: readonly string[]): Pick<Shoot, "conditions"> => ({
    conditions: ["ControlPlaneHealthy", "EveryNodeReady"].map((type) =>
      aCondition({ type, status: unhealthy.includes(type) ? "False" : "True", message: `${type} message` }),
    ),
  });

  it("end the wait when the first of them has been False for ten minutes", async () => {
    const scene = aScene(aCluster(conditions("ControlPlaneHealthy")));
    const running = scene.start(MINOR);
    await scene.clock.advance(6 * MINUTE);
    await scene.move(conditions("ControlPlaneHealthy", "EveryNodeReady"));
    await scene.clock.advance(4 * MINUTE - 1);
    expect(running.running()).to.equal(true);
    await scene.clock.advance(1);
    expect(failure(running).message)
      .to.include("For 10m it has not been healthy: ControlPlaneHealthy")
      .and.not.include("EveryNodeReady");
  });

  it("have their ten minutes each", async () => {
    const scene = aScene(aCluster(conditions("ControlPlaneHealthy", "EveryNodeReady")));
    const running = scene.start(MINOR);
    await scene.clock.advance(6 * MINUTE);
    await scene.move(conditions("EveryNodeReady"));
    await scene.move(conditions("ControlPlaneHealthy", "EveryNodeReady"));
    await scene.clock.advance(4 * MINUTE);
    expect(failure(running).message)
      .to.include("not been healthy: EveryNodeReady")
      .and.not.include("ControlPlaneHealthy");
  });
});

describe("the status line before a minor", () => {
  for (const [what, shoot, line] of [
    [
      "Gardener's first operation",
      { lastOperation: undefined },
      "for Gardener's first operation on the cluster",
    ],
    [
      "a change that is not observed",
      { generation: 6 },
      "for Gardener to start reconciling the Shoot's last change",
    ],
    [
      "a condition without a message",
      { conditions: [aCondition({ status: "Unknown", reason: "Unreported", message: "" })] },
      "for EveryNodeReady (Unknown: Unreported)",
    ],
  ] as const) {
    it(`shows that it waits for ${what}`, async () => {
      const scene = aScene(aCluster(shoot));
      scene.start(MINOR);
      await quiet();
      expect(scene.statuses).to.deep.equal([`[1/1] web: waiting · ${line}`]);
      expect(scene.changes).to.deep.equal([]);
    });
  }

  it("shows that the watch is interrupted", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Processing", 40) }));
    scene.start(MINOR);
    await scene.send({ kind: "interrupted", message: "connection refused" });
    await scene.clock.advance(5_000);
    expect(scene.statuses.at(-1)).to.equal("[1/1] web: waiting · connection refused");
  });
});
