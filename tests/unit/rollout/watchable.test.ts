import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import { quiet } from "./clock";
import { aScene, failure, PATCH } from "./scene";

describe("a rollout without the right to watch", () => {
  const refuse = () => Promise.reject(new UserError("GU008", "no right to watch"));

  it("writes nothing where it is awaited", async () => {
    const scene = aScene(undefined, { assertWatchable: refuse });
    const running = scene.start(PATCH);
    await quiet();
    expect(failure(running).code).to.equal("GU008");
    expect(scene.changes).to.deep.equal([]);
  });

  it("is written where it is not awaited", async () => {
    const scene = aScene(undefined, { assertWatchable: refuse });
    scene.start(PATCH, { options: { wait: false } });
    await quiet();
    expect(scene.accepted).to.have.length(1);
  });
});

describe("the right to watch", () => {
  it("is checked once, however often the write is retried", async () => {
    let checks = 0;
    const scene = aScene(undefined, {
      assertWatchable: async () => {
        checks += 1;
      },
    });
    scene.answers.push(
      () => ({ kind: "conflict", message: "modified" }),
      () => ({ kind: "conflict", message: "modified" }),
    );
    scene.start(PATCH);
    await scene.clock.advance(60_000);
    expect([checks, scene.accepted.length]).to.deep.equal([1, 1]);
  });
});
