/** What is from before the change, or happens to the Shoot while it is awaited. */
import { expect } from "chai";
import { quiet } from "./clock";
import { aCluster, aNode, aScene, IMAGE, MINOR, MINUTE, operation, PATCH, underWay } from "./scene";

describe("the errors of an operation before the change", () => {
  it("cause no warning", async () => {
    const scene = aScene(
      aCluster({
        lastOperation: operation("Error", 40),
        lastErrors: [{ description: "no machines", codes: ["ERR_INFRA_RESOURCES_DEPLETED"] }],
      }),
    );
    scene.start(IMAGE);
    await scene.clock.advance(MINUTE);
    expect(scene.accepted).to.have.length(1);
    expect(scene.warnings).to.deep.equal([]);
  });
});

describe("a cluster that is held while it is waited for", () => {
  it("is skipped, also where its operation has failed", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Processing", 40) }));
    const running = scene.start(MINOR);
    await quiet();
    await scene.move({
      annotations: { "pulumi-gardener.io/hold": "release freeze" },
      lastOperation: operation("Failed", 40),
    });
    expect(running.error()).to.equal(undefined);
    expect(running.outcome()).to.have.property("kind", "held");
  });
});

describe("a cluster that is hibernated during its rollout", () => {
  it("is complete without its nodes", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.move({ hibernation: { enabled: true, hibernated: true } });
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "none" });
  });
});

describe("a clock that is ahead of the garden's", () => {
  it("does not make nodes look older than the write", async () => {
    const scene = aScene();
    const running = scene.start(IMAGE);
    await quiet();
    const gardensTime = (ms: number) => new Date(scene.clock.now().getTime() - 5 * MINUTE + ms);
    const lastOperation = operation("Processing", 0, { lastUpdateTime: gardensTime(0) });
    await scene.begin({ lastOperation });
    await scene.setNodes([aNode("m1", { osImage: "?", created: gardensTime(MINUTE) })]);
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });
});

describe("a Shoot for which Gardener has reported no operation", () => {
  it("is written and awaited like any other", async () => {
    const scene = aScene(aCluster({ lastOperation: undefined }));
    const running = scene.start(IMAGE);
    await quiet();
    expect(scene.statuses.at(-1)).to.equal(
      "[1/1] web: queued · waiting for Gardener to start reconciling the change",
    );
    await scene.begin({ lastOperation: undefined });
    await scene.clock.advance(MINUTE);
    expect(running.error()).to.equal(undefined);
    expect(scene.statuses.at(-1)).to.equal("[1/1] web: waiting · pool-a 0/3 nodes on gardenlinux 1877.3.0");
    await scene.setNodes(["m1", "m2", "m3"].map((name) => aNode(name, { osImage: "Garden Linux 1877.3" })));
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });
});
