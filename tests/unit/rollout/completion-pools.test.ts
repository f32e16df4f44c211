import { expect } from "chai";
import { aPool } from "../builders";
import { aCluster, aNode, aScene, patched, PATCH, underWay, targetOf, HELD_BACK } from "./scene";

describe("a pool that is updated manually", () => {
  it("is patched like any other", async () => {
    const scene = aScene(aCluster({ workers: [aPool({ updateStrategy: "ManualInPlaceUpdate" })] }));
    const running = await underWay(scene, PATCH);
    await scene.succeed();
    expect(running.running()).to.equal(true);
    await scene.setNodes(patched());
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });
});

describe("a rollout of a pool with its own Kubernetes version", () => {
  it("reports its image beside the version of the control plane, which a pool that was held back has as well", async () => {
    const scene = aScene(
      aCluster({ workers: [aPool({ kubernetesVersion: "1.32.9" })], annotations: HELD_BACK }),
    );
    await underWay(scene, targetOf("1.33.9", "1877.3.0"));
    await scene.setNodes([
      aNode("m1", {
        kubeletVersion: "1.33.9",
        osImage: "Garden Linux 1877.3",
        created: new Date("2030-01-01"),
      }),
    ]);
    await scene.succeed();
    expect(scene.infos).to.deep.equal([
      "web: Kubernetes 1.33.9, pool-a on gardenlinux 1877.3.0, 1 node verified, in 0s",
    ]);
  });

  it("has no nodes to await where only the control plane changes", async () => {
    const scene = aScene(aCluster({ workers: [aPool({ kubernetesVersion: "1.33.4" })] }));
    const running = await underWay(scene, targetOf("1.33.9", undefined, []));
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "none" });
    expect(scene.clusterOpens()).to.equal(0);
    expect(scene.infos).to.deep.equal(["web: Kubernetes 1.33.9, in 0s"]);
  });
});
