import { expect } from "chai";
import { FIELD_MANAGER, ROLLOUT_ANNOTATION } from "../../../provider/model/shoot";
import { stepsTo } from "../../../provider/plan";
import { aCondition, aMaintenance, aPool, aRoute, aShoot, everyCapability } from "../builders";
import { quiet } from "./clock";
import { aCluster, aNode, aScene, failure, OLD_NODES, operation, targetOf } from "./scene";

const target = targetOf("1.35.2", "1877.3.0");
const declared = { target, route: aRoute({ versions: ["1.34.3"] }) };
const sequence = stepsTo(target, aCluster(), declared.route, everyCapability);
const request = { declared, checked: sequence.kind === "steps" ? sequence.steps : [], stack: "clusters/dev" };

describe("a rollout over several minors", () => {
  it("holds the worker pool back in the first write, and releases it in the last", async () => {
    const scene = aScene();
    scene.start(target, request);
    await quiet();
    await scene.begin();
    await scene.succeed();
    expect(
      scene.changes.map(({ kubernetesVersion, workers, heldBack }) => [kubernetesVersion, workers, heldBack]),
    ).to.deep.equal([
      [
        "1.34.3",
        [{ name: "pool-a", kubernetesVersion: "1.33.4" }],
        { pools: { "pool-a": "1.33.4" }, target: "1.35.2", stack: "clusters/dev" },
      ],
      [
        "1.35.2",
        [
          {
            name: "pool-a",
            machineImage: { name: "gardenlinux", version: "1877.3.0" },
            kubernetesVersion: null,
          },
        ],
        { pools: {}, target: "1.35.2", stack: "clusters/dev" },
      ],
    ]);
    expect(scene.live.annotations).to.deep.equal({});
  });

  it("shows the control plane's version while no worker pool is concerned", async () => {
    const scene = aScene();
    scene.start(target, request);
    await quiet();
    await scene.begin({ lastOperation: operation("Processing", 61) });
    await scene.clock.advance(30_000);
    expect(scene.statuses.join("\n")).to.contain("[1/2] web: control plane 1.34.3 · 61 %");
  });

  it("reports what is complete and what is left where a step fails", async () => {
    const scene = aScene();
    const running = scene.start(target, request);
    await quiet();
    await scene.begin();
    await scene.move({ lastOperation: operation("Failed", 40, { description: "no quota" }) });
    const { code, message } = failure(running);
    expect(code).to.equal("GU053");
    expect(message).to.contain("Left after that: Kubernetes 1.34.3 → 1.35.2 and gardenlinux");
  });

  it("does not write the next minor while a kubelet that runs would be too far behind", async () => {
    const scene = aScene();
    const running = scene.start(target, request);
    scene.nodes = [...OLD_NODES, aNode("old", { kubeletVersion: "1.30.4" })];
    await quiet();
    const { code, message } = failure(running);
    expect(code).to.equal("GU036");
    expect(message).to.contain("old (1.30.4)");
    expect(scene.changes).to.deep.equal([]);
  });

  it("does not write the next minor while a condition of the cluster is not healthy", async () => {
    const scene = aScene();
    scene.start(target, request);
    await quiet();
    await scene.begin({ conditions: [aCondition({ status: "False" })] });
    await scene.succeed();
    await scene.clock.advance(60_000);
    expect(scene.changes).to.have.length(1);
    await scene.move({ conditions: aShoot().conditions });
    await scene.clock.advance(60_000);
    expect(scene.changes.map(({ kubernetesVersion }) => kubernetesVersion)).to.deep.equal([
      "1.34.3",
      "1.35.2",
    ]);
  });

  it("does not write the next minor to another cluster of the same name", async () => {
    const scene = aScene();
    const running = scene.start(target, request);
    await quiet();
    await scene.begin();
    await scene.move({ uid: "uid-2" });
    await scene.succeed();
    expect(failure(running).code).to.equal("GU052");
    expect(scene.changes).to.have.length(1);
  });

  it("does not write the next minor while the one before waits for the maintenance window", async () => {
    const scene = aScene(
      aCluster({
        maintenance: aMaintenance({ confineSpecUpdateRollout: true }),
        owners: [
          {
            manager: FIELD_MANAGER,
            operation: "Update",
            field: "spec.kubernetes.version",
            time: new Date("2026-11-23T09:00:00Z"),
          },
        ],
      }),
    );
    const running = scene.start(target, request);
    await quiet();
    expect(running.outcome()).to.include({ kind: "confined" });
    expect(scene.changes).to.deep.equal([]);
  });

  it("leaves a version alone that a user gives the pool meanwhile", async () => {
    const scene = aScene(
      aShoot({
        ...aCluster({ kubernetesVersion: "1.34.3" }),
        workers: [aPool({ kubernetesVersion: "1.34.3" })],
        annotations: {
          [ROLLOUT_ANNOTATION]: JSON.stringify({ pools: { "pool-a": "1.33.4" }, target: "1.35.2" }),
        },
      }),
    );
    scene.start(target, request);
    await quiet();
    expect(scene.changes[0]?.workers).to.deep.equal([
      { name: "pool-a", machineImage: { name: "gardenlinux", version: "1877.3.0" } },
    ]);
    expect(scene.live.workers[0]?.kubernetesVersion).to.equal("1.34.3");
    expect(scene.live.annotations).to.deep.equal({});
  });
});
