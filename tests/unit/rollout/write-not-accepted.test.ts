import { expect } from "chai";
import { quiet } from "./clock";
import { aScene, failure, MINUTE, PATCH } from "./scene";

describe("a write that is not accepted", () => {
  it("because the Shoot has changed is planned again on the live Shoot, and retried", async () => {
    const scene = aScene();
    scene.answers.push((_change, live) => {
      scene.live = { ...live, resourceVersion: "222" };
      return { kind: "conflict", message: "the object has been modified" };
    });
    scene.start(PATCH);
    await scene.clock.advance(MINUTE);
    expect(scene.changes.map(({ resourceVersion }) => resourceVersion)).to.deep.equal(["100", "222"]);
    expect(scene.accepted).to.have.length(1);
  });

  it("is retried ten times, with pauses that grow but stay short", async () => {
    const scene = aScene();
    const times: number[] = [];
    for (let count = 0; count < 30; count += 1) {
      scene.answers.push(() => {
        times.push(scene.clock.now().getTime());
        return { kind: "conflict", message: "the object has been modified" };
      });
    }
    const running = scene.start(PATCH);
    await scene.clock.advance(5 * MINUTE);
    expect(failure(running)).to.have.property("code", "GU051");
    expect(failure(running).message).to.include("web").and.include("the object has been modified");
    expect(times).to.have.length(11);
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    pauses.slice(1).forEach((pause, index) => expect(pause).to.be.at.least(pauses[index] ?? 0));
    expect(pauses[1]).to.be.greaterThan(pauses[0] ?? 0);
    expect(Math.max(...pauses)).to.be.at.most(5_000);
  });

  it("because somebody else has upgraded meanwhile is not retried", async () => {
    const scene = aScene();
    scene.answers.push((_change, live) => {
      scene.live = { ...live, kubernetesVersion: "1.33.9", resourceVersion: "222" };
      return { kind: "conflict", message: "modified" };
    });
    const running = scene.start(PATCH);
    await scene.clock.advance(MINUTE);
    expect(running.outcome()).to.have.property("kind", "nothing");
    expect(scene.changes).to.have.length(1);
  });

  it("because the cluster was replaced by another one meanwhile is not retried", async () => {
    const scene = aScene();
    scene.answers.push((_change, live) => {
      scene.live = { ...live, uid: "uid-2" };
      return { kind: "conflict", message: "modified" };
    });
    const running = scene.start(PATCH);
    await scene.clock.advance(MINUTE);
    expect(failure(running)).to.have.property("code", "GU052");
    expect(scene.accepted).to.deep.equal([]);
  });

  it("because the garden refuses it fails with the server's message", async () => {
    const scene = aScene();
    scene.answers.push(() => ({ kind: "refused", message: "spec.kubernetes.version: Unsupported value" }));
    const running = scene.start(PATCH);
    await quiet();
    expect(failure(running)).to.have.property("code", "GU050");
    expect(failure(running).message)
      .to.include("spec.kubernetes.version: Unsupported value")
      .and.include("web");
  });

  it("because a right is missing names the verb, the resource and the namespace", async () => {
    const scene = aScene();
    scene.answers.push(() => ({ kind: "forbidden", message: "user x cannot patch" }));
    const running = scene.start(PATCH);
    await quiet();
    expect(failure(running)).to.have.property("code", "GU008");
    expect(failure(running).message)
      .to.include('"patch"')
      .and.include("shoots.core.gardener.cloud")
      .and.include("garden-demo");
  });
});
