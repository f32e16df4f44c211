import { expect } from "chai";
import { at, mapsAt, type JsonMap } from "../../json";
import { SHOOT } from "./garden";
import { type GardenletScene, observed, reconciled, startScene, state } from "./scene";

describe("the operations that the sandbox's gardenlet reports", () => {
  let scene: GardenletScene;
  const start = async (spec?: JsonMap) => (scene = await startScene(spec));

  afterEach(() => scene.stop());

  it("begins with one write that holds the new generation and progress 0", async () => {
    const { garden, statuses } = await start();
    const before = garden.written.length;
    garden.changeSpec({ kubernetes: { version: "1.33.7" } });
    await garden.until(SHOOT, (shoot) => observed(shoot) === 2);
    const first = statuses(before).find((shoot) => observed(shoot) === 2);
    expect(at(first, "status", "lastOperation")).to.include({
      type: "Reconcile",
      state: "Processing",
      progress: 0,
    });
  });

  it("reports its progress in Gardener's text, never decreasing", async () => {
    const { garden, statuses } = await start();
    const before = garden.written.length;
    garden.changeSpec({ kubernetes: { version: "1.34.3" } });
    await garden.until(SHOOT, reconciled(2));
    const operations = statuses(before).map((shoot) => at(shoot, "status", "lastOperation"));
    expect(operations.map((operation) => at(operation, "description"))).to.include(
      "Waiting until worker pools have been reconciled",
    );
    const progress = operations.slice(1).map((operation) => Number(at(operation, "progress")));
    expect(progress).to.deep.equal([...progress].sort((a, b) => a - b));
  });

  it("sets conditions to Progressing with the success and to True afterwards", async () => {
    const { garden, statuses } = await start();
    const before = garden.written.length;
    garden.changeSpec({ kubernetes: { version: "1.33.7" } });
    await garden.until(SHOOT, reconciled(2));
    const first = statuses(before).find((shoot) => state(shoot) === "Succeeded" && observed(shoot) === 2);
    expect(mapsAt(first, "status", "conditions").map((condition) => at(condition, "status"))).to.deep.equal(
      Array(5).fill("Progressing"),
    );
  });

  it("finishes a run with its old generation before it begins with a change made meanwhile", async () => {
    const { cluster, garden, statuses } = await start();
    const before = garden.written.length;
    garden.changeSpec({ kubernetes: { version: "1.34.3" } });
    await garden.until(SHOOT, (shoot) => observed(shoot) === 2 && state(shoot) === "Processing");
    garden.changeSpec({ kubernetes: { version: "1.34.4" } });
    await garden.until(SHOOT, reconciled(3));
    const ends = statuses(before)
      .filter((shoot) => state(shoot) === "Succeeded")
      .map((shoot) => observed(shoot));
    expect(ends).to.include(2);
    expect(ends.indexOf(3)).to.be.greaterThan(ends.indexOf(2));
    expect((await cluster.listNodes()).map((node) => node.kubeletVersion)).to.deep.equal(
      Array(3).fill("v1.34.4"),
    );
  });

  it("completes an operation that an earlier gardenlet left in the middle", async () => {
    const { cluster, garden, restart, stop } = await start();
    garden.changeSpec({ kubernetes: { version: "1.34.3" } });
    await garden.until(SHOOT, (shoot) => observed(shoot) === 2);
    await stop();
    expect(state(garden.shoot())).to.equal("Processing");
    restart();
    await garden.until(SHOOT, reconciled(2));
    expect((await cluster.listNodes()).map((node) => node.kubeletVersion)).to.deep.equal(
      Array(3).fill("v1.34.3"),
    );
  });

  it("writes nothing while nothing is requested", async () => {
    const { garden, stop } = await start();
    const before = garden.written.length;
    garden.annotate({ note: "mine" });
    await stop();
    expect(garden.written.length).to.equal(before + 1);
  });
});
