import { expect } from "chai";
import { pending } from "../../../provider/plan";
import { quiet } from "./clock";
import {
  accept,
  aCluster,
  aScene,
  failure,
  MINOR,
  MINUTE,
  PATCH,
  REF,
  targetOf,
  IMAGE,
  patched,
} from "./scene";

describe("a rollout writes", () => {
  it("one patch with Kubernetes and images together", async () => {
    const scene = aScene();
    scene.start(targetOf("1.34.3", "1877.3.0"));
    await quiet();
    expect(scene.changes).to.have.length(1);
    expect(scene.changes[0]).to.deep.include({ kubernetesVersion: "1.34.3", shoot: REF });
    expect(
      scene.changes[0]?.workers.map(({ name, machineImage }) => [name, machineImage?.version]),
    ).to.deep.equal([["pool-a", "1877.3.0"]]);
  });

  it("guarded by the state and the uid that were read", async () => {
    const scene = aScene(aCluster({ resourceVersion: "4711" }));
    scene.start(PATCH);
    await quiet();
    expect(scene.changes[0]).to.include({ resourceVersion: "4711", uid: "uid-1" });
  });

  it("nothing once it is aborted", async () => {
    const scene = aScene();
    const running = scene.start(PATCH, { signal: AbortSignal.abort() });
    await quiet();
    expect(failure(running)).to.have.property("code", "GU058");
    expect(scene.changes).to.deep.equal([]);
  });

  it("to no cluster but the adopted one", async () => {
    const scene = aScene(aCluster({ uid: "uid-2" }));
    const running = scene.start(PATCH);
    await quiet();
    expect(failure(running)).to.have.property("code", "GU052");
    expect(failure(running).message).to.include("garden-demo/web").and.include("uid-2").and.include("uid-1");
    expect(scene.changes).to.deep.equal([]);
  });

  it("nothing to a Shoot that is being deleted", async () => {
    const scene = aScene(aCluster({ deletionTimestamp: new Date() }));
    const running = scene.start(PATCH);
    await quiet();
    expect(failure(running)).to.have.property("code", "GU030");
    expect(scene.changes).to.deep.equal([]);
  });

  it("the rest of the checked plan where somebody else has written a part", async () => {
    const scene = aScene(aCluster({ kubernetesVersion: "1.33.9" }));
    scene.start(targetOf("1.33.9", "1877.3.0"), {
      checked: [
        {
          kubernetes: { from: "1.33.4", to: "1.33.9", minor: false },
          pools: [
            {
              name: "pool-a",
              kubernetes: { from: "1.33.4", to: "1.33.9" },
              machineImage: { name: "gardenlinux", from: "1592.10.0", to: "1877.3.0" },
              replacesNodes: true,
            },
          ],
        },
      ],
    });
    await quiet();
    expect(scene.changes).to.have.length(1);
    expect(scene.changes[0]?.kubernetesVersion).to.equal(undefined);
  });

  it("never more than was checked, and requests another preview", async () => {
    const scene = aScene();
    const running = scene.start(MINOR, { checked: [] });
    await quiet();
    expect(failure(running)).to.have.property("code", "GU038");
    expect(failure(running).message).to.include("pulumi preview").and.include("1.34.3");
    expect(scene.changes).to.deep.equal([]);
  });

  it("nothing where nothing is pending and no operation is in progress", async () => {
    const scene = aScene(aCluster({ kubernetesVersion: "1.33.9" }));
    const running = scene.start(PATCH);
    await quiet();
    expect(running.outcome()).to.include({ kind: "nothing" });
    expect(scene.changes).to.deep.equal([]);
  });

  it("and does not await a Shoot that applies changes only in its maintenance window", async () => {
    const shoot = aCluster();
    const scene = aScene({
      ...shoot,
      maintenance: {
        ...shoot.maintenance,
        confineSpecUpdateRollout: true,
        timeWindow: { begin: "220000+0000", end: "230000+0000" },
      },
    });
    const running = scene.start(PATCH);
    await quiet();
    expect(running.outcome()).to.have.property("kind", "confined");
    expect(scene.accepted).to.have.length(1);
    expect(scene.warnings).to.have.length(1);
    expect(scene.warnings[0]).to.include({ code: "GU047", severity: "info" });
    expect(scene.warnings[0]?.message).to.include("220000+0000");
  });

  it("and reports the garden's warnings", async () => {
    const scene = aScene();
    scene.answers.push((change, live) => ({ ...accept(change, live), warnings: ["1.33 is deprecated"] }));
    scene.start(PATCH);
    await quiet();
    expect(scene.infos.join()).to.include("1.33 is deprecated");
  });
});

describe("what a rollout reports of a write", () => {
  it("is how often somebody else changed the Shoot", async () => {
    const scene = aScene();
    for (let count = 0; count < 30; count += 1) {
      scene.answers.push(() => ({ kind: "conflict", message: "modified" }));
    }
    const running = scene.start(PATCH);
    await scene.clock.advance(5 * MINUTE);
    expect(failure(running).message).to.include("during each of 11 attempts");
  });

  it("is what was checked and what is pending now", async () => {
    const checked = pending(IMAGE, aCluster());
    for (const [steps, text] of [
      [[], "Checked: nothing. Now: Kubernetes 1.33.4 → 1.34.3"],
      [checked, "Checked: gardenlinux 1592.10.0 → 1877.3.0: pool-a"],
    ] as const) {
      const scene = aScene();
      const running = scene.start(MINOR, { checked: steps });
      await quiet();
      expect(failure(running).message).to.include(text);
    }
  });

  it("is a bug as such", async () => {
    const scene = aScene();
    const bug = new TypeError("a bug");
    scene.answers.push(() => {
      throw bug;
    });
    const running = scene.start(PATCH);
    await quiet();
    expect(running.error()).to.equal(bug);
  });

  it("is a confined Shoot without a maintenance window", async () => {
    const { maintenance } = aCluster();
    const scene = aScene(
      aCluster({ maintenance: { ...maintenance, confineSpecUpdateRollout: true, timeWindow: undefined } }),
    );
    scene.start(PATCH);
    await quiet();
    expect(scene.warnings[0]?.message).to.equal(
      "web: written. The Shoot applies changes only in its maintenance window (spec.maintenance.confineSpecUpdateRollout).",
    );
  });

  it("is nothing more where the only step is not awaited", async () => {
    const scene = aScene();
    scene.start(PATCH, { options: { wait: false } });
    await quiet();
    expect(scene.infos).to.deep.equal([]);
  });
});

describe("a confined Shoot whose change Gardener reconciles at once", () => {
  it("is awaited like any other", async () => {
    const { maintenance } = aCluster();
    const scene = aScene(aCluster({ maintenance: { ...maintenance, confineSpecUpdateRollout: true } }));
    scene.answers.push((change, live) => {
      const accepted = accept(change, live);
      return { ...accepted, shoot: { ...accepted.shoot, generation: live.generation + 1 } };
    });
    const running = scene.start(PATCH);
    await quiet();
    expect(running.running()).to.equal(true);
    await scene.begin();
    await scene.setNodes(patched());
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
  });
});
