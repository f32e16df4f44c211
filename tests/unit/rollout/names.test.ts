import { expect } from "chai";
import { parseDeclaration } from "../../../provider/declaration/parse";
import { hasUnfinishedRollout } from "../../../provider/lifecycle/status";
import { plan, managedVersions, sameTarget, fillUnmanaged } from "../../../provider/plan";
import { nodeTargetsOf } from "../../../provider/rollout/nodes";
import { aCloudProfile, aDeclaration, aPool, everyCapability, NOW } from "../builders";
import { quiet } from "./clock";
import { aCluster, aScene, IMAGE, MINOR, operation, PATCH, upgraded, targetOf } from "./scene";

const NAMES = ["constructor", "toString", "__proto__", "hasOwnProperty"] as const;

for (const name of NAMES) {
  describe(`a worker pool called ${name}`, () => {
    const pools = [aPool(), aPool({ name })];

    it("is not changed by a target from before the pool existed", async () => {
      const scene = aScene(aCluster({ workers: pools }));
      scene.nodes = undefined;
      const running = scene.start(targetOf("1.33.9", "1877.3.0"));
      await quiet();
      expect(scene.changes[0]?.workers.map((pool) => pool.name)).to.deep.equal(["pool-a"]);
      await scene.begin();
      await scene.succeed();
      expect(running.outcome()).to.include({ kind: "done" });
    });

    it("does not affect the wait for what an earlier run has written", async () => {
      const scene = aScene(
        aCluster({ workers: pools, kubernetesVersion: "1.34.3", lastOperation: operation("Processing", 5) }),
      );
      const running = scene.start(MINOR);
      await quiet();
      await scene.setNodes(upgraded());
      await scene.succeed();
      expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
      expect(nodeTargetsOf(IMAGE, scene.live).map(({ pool }) => pool)).to.deep.equal(["pool-a"]);
    });

    it("is compared with a state that does not know it", () => {
      const shoot = aCluster({ workers: pools, lastOperation: operation("Processing", 5) });
      expect(hasUnfinishedRollout(targetOf("1.33.4", "1592.10.0"), shoot)).to.equal(false);
      const target = targetOf("1.33.4", "1592.10.0", [name]);
      expect(Object.keys(managedVersions(target, PATCH).workers)).to.deep.equal([name]);
      expect(Object.keys(fillUnmanaged(PATCH, target).workers)).to.deep.equal([name]);
      expect(sameTarget(targetOf("1.33.9"), targetOf("1.33.9", undefined, [name]))).to.equal(false);
    });

    it("is declared like any other", () => {
      const args: unknown = JSON.parse(
        `{"shoot": {"id": "garden-demo/web"}, "workers": {"${name}": {"machineImage": {"version": "1877.3.0"}}}}`,
      );
      const parsed = parseDeclaration(args, "web");
      if (parsed.kind === "problems") throw new Error(JSON.stringify(parsed.problems));
      expect(Object.entries(parsed.declaration.workers)).to.deep.equal([
        [name, { machineImage: { kind: "version", version: "1877.3.0" } }],
      ]);
    });

    it("is not declared by its name alone", () => {
      const planned = plan(
        aDeclaration({ workers: {} }),
        aCluster({ workers: pools }),
        aCloudProfile(),
        NOW,
        everyCapability,
      );
      expect(planned).to.have.property("kind", "plan");
    });
  });
}
