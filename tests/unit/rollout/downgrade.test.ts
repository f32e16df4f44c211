import { expect } from "chai";
import { aPool } from "../builders";
import { quiet } from "./clock";
import { aCluster, aNode, aScene } from "./scene";

const pool = (version: string) => aPool({ machineImage: { name: "gardenlinux", version } });
const target = {
  kubernetesVersion: "unmanaged",
  workers: {
    "pool-a": { kubernetesVersion: "unmanaged", machineImage: { name: "gardenlinux", version: "1592.10.0" } },
  },
  downgrades: ["pool-a"],
};
const step = (from: string) => ({
  pools: [
    { name: "pool-a", machineImage: { name: "gardenlinux", from, to: "1592.10.0" }, replacesNodes: true },
  ],
});

describe("the rollout of an image that goes down", () => {
  it("writes the lower version, and is complete when every node is replaced", async () => {
    const scene = aScene(aCluster({ workers: [pool("1877.3.0")] }));
    scene.nodes = [aNode("old", { osImage: "Garden Linux 1877.3.0" })];
    const running = scene.start(target, { checked: [step("1877.3.0")] });
    await quiet();
    expect(scene.changes.map(({ workers }) => workers)).to.deep.equal([
      [{ name: "pool-a", machineImage: { name: "gardenlinux", version: "1592.10.0" } }],
    ]);
    await scene.begin();
    await scene.succeed();
    expect(running.outcome()).to.equal(undefined);
    await scene.setNodes([aNode("new", { created: new Date(scene.clock.now().getTime() + 60_000) })]);
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });

  it("writes nothing where somebody has raised the image since the check", async () => {
    const scene = aScene(aCluster({ workers: [pool("1950.0.0")] }));
    const running = scene.start(target, { checked: [step("1877.3.0")] });
    await quiet();
    expect(running.error()).to.have.property("code", "GU038");
    expect(scene.changes).to.deep.equal([]);
  });

  it("is no success where somebody raises the image while it runs", async () => {
    const scene = aScene(aCluster({ workers: [pool("1877.3.0")] }));
    const running = scene.start(target, { checked: [step("1877.3.0")] });
    await quiet();
    await scene.begin();
    await scene.move({ workers: [pool("1950.0.0")] });
    expect(running.error()).to.have.property("code", "GU053");
  });
});
