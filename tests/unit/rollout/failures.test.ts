import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import { aCondition, aPool } from "../builders";
import { quiet } from "./clock";
import {
  aNode,
  aScene,
  failure,
  IMAGE,
  MINOR,
  MINUTE,
  operation,
  PATCH,
  underWay,
  upgraded,
  type Scene,
} from "./scene";

describe("a rollout fails when", () => {
  it("the Shoot is gone", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.send({ kind: "gone" });
    expect(failure(running)).to.have.property("code", "GU056");
  });

  it("the Shoot is being deleted", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.move({ deletionTimestamp: scene.clock.now() });
    expect(failure(running)).to.have.property("code", "GU056");
  });

  it("another cluster appears under the name", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.move({ uid: "uid-2", lastOperation: operation("Succeeded", 100) });
    expect(failure(running)).to.have.property("code", "GU052");
  });

  it("somebody else reverts the change", async () => {
    const scene = aScene();
    const running = await underWay(scene, IMAGE);
    await scene.move({ workers: [aPool()], generation: 7 });
    expect(failure(running)).to.have.property("code", "GU053");
    expect(failure(running).message).to.include("somebody else");
  });

  it("there is no progress for the deadline: the message has what it waited for, the last operation and the nodes", async () => {
    const scene = aScene();
    const running = await underWay(scene, MINOR, { options: { progressDeadlineMs: 150 * MINUTE } });
    await scene.move({
      lastOperation: operation("Processing", 60, {
        description: "Waiting until worker pools have been reconciled",
      }),
    });
    await scene.setNodes([...upgraded(["m1"]), aNode("n2"), aNode("n3")]);
    await scene.clock.advance(149 * MINUTE);
    expect(running.running()).to.equal(true);
    await scene.clock.advance(2 * MINUTE);
    expect(failure(running)).to.have.property("code", "GU054");
    expect(failure(running).message)
      .to.include("2h 30m")
      .and.include("waiting for Gardener's Reconcile to succeed")
      .and.include("Waiting until worker pools have been reconciled")
      .and.include("n2 and n3")
      .and.include("the next `pulumi up` continues");
  });

  const movements: readonly (readonly [string, (scene: Scene) => Promise<void>])[] = [
    ["progress", (scene) => scene.move({ lastOperation: operation("Processing", 61) })],
    [
      "description",
      (scene) => scene.move({ lastOperation: operation("Processing", 0, { description: "x" }) }),
    ],
    ["state", (scene) => scene.move({ lastOperation: operation("Error", 0) })],
    ["a node", (scene) => scene.setNodes(upgraded(["m1"]))],
    [
      "a condition",
      (scene) => scene.move({ conditions: [aCondition({ status: "Progressing", reason: "NodeUnhealthy" })] }),
    ],
  ];
  for (const [what, act] of movements) {
    it(`not as long as there is progress: ${what}`, async () => {
      const scene = aScene();
      const running = await underWay(scene, MINOR, { options: { progressDeadlineMs: 10 * MINUTE } });
      await scene.clock.advance(9 * MINUTE);
      await act(scene);
      await scene.clock.advance(9 * MINUTE);
      expect(running.running()).to.equal(true);
      await scene.clock.advance(2 * MINUTE);
      expect(failure(running)).to.have.property("code", "GU054");
    });
  }

  it("Gardener only repeats the same states", async () => {
    const scene = aScene();
    const running = await underWay(scene, MINOR, { options: { progressDeadlineMs: 60 * MINUTE } });
    for (let round = 0; round < 7 && running.running(); round += 1) {
      await scene.begin();
      await scene.clock.advance(5 * MINUTE);
      await scene.move({
        lastOperation: operation("Error", 60),
        lastErrors: [{ description: "not ready", codes: [] }],
      });
      await scene.clock.advance(5 * MINUTE);
    }
    expect(failure(running)).to.have.property("code", "GU054");
  });

  it("outdated nodes remain for the deadline after Gardener's success", async () => {
    const scene = aScene();
    const running = await underWay(scene, MINOR, { options: { progressDeadlineMs: 60 * MINUTE } });
    await scene.succeed();
    await scene.clock.advance(61 * MINUTE);
    expect(failure(running)).to.have.property("code", "GU054");
    expect(failure(running).message).to.include("n1, n2 and n3");
  });

  it("its timeout has passed, though there is progress", async () => {
    const scene = aScene();
    const running = await underWay(scene, MINOR, { options: { timeoutMs: 30 * MINUTE } });
    for (let minute = 1; minute <= 30; minute += 1) {
      await scene.move({ lastOperation: operation("Processing", minute) });
      await scene.clock.advance(MINUTE);
    }
    expect(failure(running)).to.have.property("code", "GU057");
    expect(failure(running).message).to.include("30m").and.include("the next `pulumi up` continues");
  });

  it("it is aborted", async () => {
    const scene = aScene();
    const caller = new AbortController();
    const running = await underWay(scene, PATCH, { signal: caller.signal });
    caller.abort();
    await quiet();
    expect(failure(running)).to.have.property("code", "GU058");
    expect(scene.watchers()).to.equal(0);
    expect(scene.clock.sleepers()).to.equal(0);
  });

  it("the watch fails permanently, as with expired credentials", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.breakWatch(new UserError("GU007", "The garden refuses the credentials."));
    expect(failure(running)).to.have.property("code", "GU007");
    expect(failure(running).message)
      .to.include("refuses the credentials")
      .and.include("the next `pulumi up` continues");
  });
});
