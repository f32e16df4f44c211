import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import { quiet } from "./clock";
import { aScene, failure, MINUTE, PATCH, patched, type Scene } from "./scene";
import { lost, loseAnswer, loseWrite } from "./lost";

describe("a write whose response is lost", () => {
  for (const code of ["GU005", "GU013"] as const) {
    it(`is read back at once, and awaited where the change is there: ${code}`, async () => {
      const scene = aScene();
      loseAnswer(scene, lost(code));
      const running = scene.start(PATCH);
      await quiet();
      expect(scene.reads()).to.equal(2);
      expect(scene.changes).to.have.length(1);
      await scene.begin();
      await scene.setNodes(patched());
      await scene.succeed();
      expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
      expect(scene.changes).to.have.length(1);
    });
  }

  it("is planned and written again where the change is not there", async () => {
    const scene = aScene();
    loseWrite(scene);
    const running = scene.start(PATCH);
    await scene.clock.advance(MINUTE);
    expect(scene.changes).to.have.length(2);
    expect(scene.accepted).to.have.length(1);
    expect(running.running()).to.equal(true);
  });

  it("fails where no attempt takes effect, with the cluster's name and what was found", async () => {
    const scene = aScene();
    for (let count = 0; count < 10; count += 1) loseWrite(scene);
    const running = scene.start(PATCH);
    await scene.clock.advance(10 * MINUTE);
    expect(failure(running)).to.include({ code: "GU005", writeOutcome: "unknown" });
    expect(failure(running).message).to.match(
      /^web: The answer was lost\..*the Shoot does not have the change/,
    );
    expect(scene.changes).to.have.length(4);
  });

  it("is read back when the garden can be reached again", async () => {
    const scene = aScene();
    loseAnswer(scene);
    let down = 3;
    const fail = (): void => {
      if (down-- > 0) {
        scene.onRead(fail);
        throw new UserError("GU005", "cannot be reached", { retryable: true });
      }
    };
    scene.answers.unshift((change, live) => {
      scene.onRead(fail);
      const [next] = scene.answers.splice(0, 1);
      if (next === undefined) throw new Error("No answer is left");
      return next(change, live);
    });
    const running = scene.start(PATCH, { signal: new AbortController().signal });
    await scene.clock.advance(MINUTE);
    await scene.begin();
    await scene.setNodes(patched());
    await scene.succeed();
    expect(running.outcome()).to.have.property("kind", "done");
    expect(scene.changes).to.have.length(1);
  });

  it("is not written again to another cluster of the same name", async () => {
    const scene = aScene();
    scene.answers.push((_change, live) => {
      scene.live = { ...live, uid: "uid-2" };
      throw lost();
    });
    const running = scene.start(PATCH);
    await scene.clock.advance(MINUTE);
    expect(failure(running)).to.have.property("code", "GU052");
    expect(scene.changes).to.have.length(1);
  });

  describe("where the Shoot cannot be read back", () => {
    const unreachable = new UserError("GU005", "cannot be reached", { retryable: true });

    /** The reads after the write fail. */
    function aLostWrite(error: Error): Scene {
      const scene = aScene();
      const fail = (): void => {
        scene.onRead(fail);
        throw error;
      };
      scene.answers.push(() => {
        scene.onRead(fail);
        throw lost();
      });
      return scene;
    }

    it("fails at once with the write's error where another read would fail too", async () => {
      const scene = aLostWrite(new UserError("GU007", "The garden refuses the credentials."));
      const running = scene.start(PATCH);
      await quiet();
      expect(failure(running)).to.include({ code: "GU005", writeOutcome: "unknown" });
      expect(failure(running).message).to.include("The answer was lost.");
    });

    it("fails with the write's error after the progress deadline", async () => {
      const scene = aLostWrite(unreachable);
      const running = scene.start(PATCH, { options: { progressDeadlineMs: 10 * MINUTE } });
      await scene.clock.advance(9 * MINUTE);
      expect(running.running()).to.equal(true);
      await scene.clock.advance(2 * MINUTE);
      expect(failure(running)).to.include({ code: "GU005", writeOutcome: "unknown" });
    });

    it("fails with the write's error when the rollout is aborted", async () => {
      const scene = aLostWrite(unreachable);
      const stop = new AbortController();
      const running = scene.start(PATCH, { signal: stop.signal });
      await quiet();
      stop.abort();
      await quiet();
      expect(failure(running)).to.include({ code: "GU005", writeOutcome: "unknown" });
      expect(scene.clock.sleepers()).to.equal(0);
    });

    it("reports a bug as such", async () => {
      const bug = new TypeError("a bug");
      const running = aLostWrite(bug).start(PATCH);
      await quiet();
      expect(running.error()).to.equal(bug);
    });
  });
});
