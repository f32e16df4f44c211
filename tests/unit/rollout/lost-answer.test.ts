import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import { quiet } from "./clock";
import {
  accept,
  aCluster,
  aScene,
  failure,
  MINUTE,
  ONE_AT_A_TIME,
  PATCH,
  patched,
  type Scene,
} from "./scene";

const lost = (code: "GU005" | "GU013" = "GU005") =>
  new UserError(code, "The answer was lost.", { writeOutcome: "unknown", retryable: true });

/** The write is made, and its answer is lost. */
function loseAnswer(scene: Scene, error = lost()): void {
  scene.answers.push((change, live) => {
    scene.live = accept(change, live).shoot;
    throw error;
  });
}

/** Neither the write arrives nor an answer. */
function loseWrite(scene: Scene): void {
  scene.answers.push(() => {
    throw lost();
  });
}

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
    const running = scene.start(PATCH);
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

  it("is left to the next run where no resource version guards writes", async () => {
    const scene = aScene(aCluster(), { capabilities: ONE_AT_A_TIME });
    loseWrite(scene);
    const running = scene.start(PATCH);
    await scene.clock.advance(MINUTE);
    expect(failure(running)).to.include({ code: "GU005", writeOutcome: "unknown" });
    expect(failure(running).message).to.match(/^web: /);
    expect(scene.changes).to.have.length(1);
  });
});
