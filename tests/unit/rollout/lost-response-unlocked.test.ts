import { expect } from "chai";
import { UserError } from "../../../provider/model/problem";
import { aPool } from "../builders";
import { quiet } from "./clock";
import {
  accept,
  aCluster,
  aScene,
  failure,
  IMAGE,
  MINUTE,
  ONE_AT_A_TIME,
  PATCH,
  patched,
  targetOf,
  HELD_BACK,
} from "./scene";
import { lost, loseAnswer, loseWrite } from "./lost";

describe("a write whose response is lost on a garden without optimistic locking", () => {
  const aSceneWithoutLocking = () => aScene(aCluster(), { capabilities: ONE_AT_A_TIME });

  it("is read back at once, and awaited where the change is there", async () => {
    const scene = aSceneWithoutLocking();
    loseAnswer(scene);
    const running = scene.start(PATCH);
    await quiet();
    expect(scene.reads()).to.equal(2);
    await scene.begin();
    await scene.setNodes(patched());
    await scene.succeed();
    expect(running.outcome()).to.include({ kind: "done", nodes: "verified" });
    expect(scene.changes).to.have.length(1);
  });

  it("is accepted where a read shows the change late", async () => {
    const scene = aSceneWithoutLocking();
    let written = scene.live;
    scene.answers.push((change, live) => {
      written = accept(change, live).shoot;
      throw lost();
    });
    const running = scene.start(PATCH, { signal: new AbortController().signal });
    await scene.clock.advance(5_000);
    scene.live = written;
    await scene.clock.advance(MINUTE);
    expect(running.running()).to.equal(true);
    expect(scene.changes).to.have.length(1);
  });

  it("is never written again: the run fails, and reports what was found", async () => {
    const scene = aSceneWithoutLocking();
    loseWrite(scene);
    const running = scene.start(PATCH);
    await scene.clock.advance(MINUTE);
    expect(failure(running)).to.include({ code: "GU005", writeOutcome: "unknown" });
    expect(failure(running).message).to.match(/^web: .*the Shoot does not have the change/);
    expect(scene.changes).to.have.length(1);
  });

  it("is not read any more once the rollout is aborted", async () => {
    const scene = aSceneWithoutLocking();
    loseWrite(scene);
    const stop = new AbortController();
    const running = scene.start(PATCH, { signal: stop.signal });
    await quiet();
    const reads = scene.reads();
    stop.abort();
    await quiet();
    expect(failure(running)).to.include({ code: "GU005", writeOutcome: "unknown" });
    expect(scene.reads()).to.be.at.most(reads + 1);
  });
});

it("is recognised by the images of all its pools", async () => {
  const scene = aScene(aCluster({ workers: [aPool(), aPool({ name: "gpu" })] }));
  loseAnswer(scene);
  scene.start(targetOf(undefined, "1877.3.0", ["pool-a", "gpu"]));
  await scene.clock.advance(MINUTE);
  expect(scene.changes).to.have.length(1);
});

it("is recognised by the Kubernetes versions of pools that have their own", async () => {
  const scene = aScene(
    aCluster({ workers: [aPool({ kubernetesVersion: "1.32.9" })], annotations: HELD_BACK }),
  );
  loseAnswer(scene);
  scene.start(PATCH);
  await scene.clock.advance(MINUTE);
  expect(scene.changes.map(({ workers }) => workers[0]?.kubernetesVersion)).to.deep.equal([null]);
});

it("is not recognised by another version of the image", async () => {
  const scene = aScene();
  scene.answers.push((_change, live) => {
    const machineImage = { name: "gardenlinux", version: "1592.14.0" };
    scene.live = { ...live, resourceVersion: "200", workers: [aPool({ machineImage })] };
    throw lost();
  });
  scene.start(IMAGE);
  await scene.clock.advance(MINUTE);
  expect(scene.changes).to.have.length(2);
});

it("is not recognised by another image of that version", async () => {
  const scene = aScene();
  scene.answers.push((_change, live) => {
    const machineImage = { name: "suse-chost", version: "1877.3.0" };
    scene.live = { ...live, resourceVersion: "200", workers: [aPool({ machineImage })] };
    throw lost();
  });
  const running = scene.start(IMAGE);
  await scene.clock.advance(MINUTE);
  expect(running.outcome()).to.have.property("kind", "nothing");
});

it("is not recognised where only one of two pools has the image", async () => {
  const scene = aScene(aCluster({ workers: [aPool(), aPool({ name: "gpu" })] }));
  scene.answers.push((change, live) => {
    const [first, second] = accept(change, live).shoot.workers;
    if (first === undefined || second === undefined) throw new Error("two pools");
    scene.live = { ...live, resourceVersion: "200", workers: [first, aPool({ name: "gpu" })] };
    throw lost();
  });
  scene.start(targetOf(undefined, "1877.3.0", ["pool-a", "gpu"]));
  await scene.clock.advance(MINUTE);
  expect(scene.changes.map(({ workers }) => workers.map(({ name }) => name))).to.deep.equal([
    ["pool-a", "gpu"],
    ["gpu"],
  ]);
});

it("is read back only where it may have taken effect", async () => {
  const scene = aScene();
  scene.answers.push(() => {
    throw new UserError("GU007", "The garden refuses the credentials.");
  });
  const running = scene.start(PATCH);
  await quiet();
  expect(failure(running)).to.have.property("code", "GU007");
  expect(scene.reads()).to.equal(1);
});
