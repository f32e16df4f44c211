import { expect } from "chai";
import { aScene, failure, operation, PATCH, underWay, type Scene } from "./scene";

const MINUTE = 60_000;
const CAUSE = "node n1: PodDisruptionBudget shop/cart does not allow the eviction of Pod shop/cart-1";

describe("a rollout in which nothing changes", () => {
  let scene: Scene;
  let asked: (readonly string[])[];
  const explain = (cause: string | undefined) => (_: unknown, nodes: readonly string[]) => {
    asked.push(nodes);
    return Promise.resolve(cause);
  };

  beforeEach(() => {
    scene = aScene();
    asked = [];
  });

  it("shows why its nodes are not drained, after five minutes", async () => {
    await underWay(scene, PATCH, { explain: explain(CAUSE) });
    await scene.clock.advance(4 * MINUTE);
    expect(asked).to.deep.equal([]);
    await scene.clock.advance(2 * MINUTE);
    expect(asked).to.have.length(1);
    expect(asked[0]).to.have.length.greaterThan(0);
    expect(scene.statuses.at(-1)).to.contain("PodDisruptionBudget shop/cart");
  });

  it("no longer shows it when something has changed", async () => {
    await underWay(scene, PATCH, { explain: explain(CAUSE) });
    await scene.clock.advance(6 * MINUTE);
    await scene.move({ lastOperation: operation("Processing", 40) });
    await scene.clock.advance(MINUTE);
    expect(scene.statuses.at(-1)).not.to.contain("PodDisruptionBudget");
  });

  it("fails with the cause when it makes no progress", async () => {
    const running = await underWay(scene, PATCH, {
      explain: explain(CAUSE),
      options: { progressDeadlineMs: 30 * MINUTE },
    });
    await scene.clock.advance(31 * MINUTE);
    expect(failure(running)).to.include({ code: "GU054" });
    expect(failure(running).message).to.contain(`The drain stands still: ${CAUSE}.`);
  });

  it("has the cause in time for a short deadline", async () => {
    const options = { progressDeadlineMs: 2 * MINUTE };
    const running = await underWay(scene, PATCH, { explain: explain(CAUSE), options });
    await scene.clock.advance(3 * MINUTE);
    expect(failure(running).message).to.contain(CAUSE);
  });

  it("is awaited all the same where the cause cannot be found out", async () => {
    const running = await underWay(scene, PATCH, { explain: () => Promise.reject(new Error("no answer")) });
    await scene.clock.advance(20 * MINUTE);
    expect(running.running()).to.equal(true);
  });
});
