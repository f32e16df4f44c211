import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import { quiet } from "./clock";
import { aCluster, aScene, failure, MINUTE, operation, patched, PATCH, underWay } from "./scene";

describe("Gardener's errors", () => {
  const erring = (description: string, ...codes: string[]): Partial<Shoot> => ({
    lastOperation: operation("Error", 60),
    lastErrors: [{ description, codes }],
  });

  it("that are retried are awaited, shown in the status line, and reported once as a warning", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    for (const round of [1, 2, 3]) {
      await scene.move(erring(`machines are not ready yet (${round}/3)`));
      await scene.clock.advance(5 * MINUTE);
      await scene.begin();
      await scene.clock.advance(5 * MINUTE);
    }
    expect(running.running()).to.equal(true);
    expect(scene.warnings.map(({ code, severity }) => [code, severity])).to.deep.equal([
      ["GU059", "warning"],
    ]);
    expect(scene.statuses.join("\n")).to.include("machines are not ready yet (2/3)");
    await scene.setNodes(patched());
    await scene.succeed();
    expect(running.outcome()).to.have.property("kind", "done");
  });

  it("that Gardener retries are reported with what may be done about them", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.move(erring("no m1 in zone a", "ERR_INFRA_RESOURCES_DEPLETED"));
    expect(running.running()).to.equal(true);
    expect(scene.warnings[0]?.message).to.include("no m1 in zone a").and.include("Another machine type");
  });

  it("that end the operation fail at once, with Gardener's message, shortened", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.move({
      lastOperation: operation("Failed", 60),
      lastErrors: [{ description: `machine\n  creation failed ${"x".repeat(5_000)}`, codes: [] }],
    });
    expect(failure(running)).to.have.property("code", "GU053");
    expect(failure(running).message)
      .to.include("machine creation failed xxx")
      .and.include("the next `pulumi up` continues");
    expect(failure(running).message.length).to.be.below(1_200);
    expect(scene.watchers()).to.equal(0);
  });

  const final: readonly (readonly [string, string])[] = [
    ["ERR_INFRA_UNAUTHENTICATED", "credentials"],
    ["ERR_INFRA_UNAUTHORIZED", "right"],
    ["ERR_INFRA_QUOTA_EXCEEDED", "head-room"],
    ["ERR_INFRA_DEPENDENCIES", "depends"],
    ["ERR_CONFIGURATION_PROBLEM", "configuration"],
    ["ERR_PROBLEMATIC_WEBHOOK", "webhook"],
  ];
  for (const [code, word] of final) {
    it(`with ${code} fail at once, with what to do`, async () => {
      const scene = aScene();
      const running = await underWay(scene, PATCH);
      await scene.move(erring("it does not work", code));
      expect(failure(running)).to.have.property("code", "GU053");
      expect(failure(running).message).to.include("it does not work").and.include(word).and.include("web");
    });
  }

  it("with ERR_INFRA_RATE_LIMITS_EXCEEDED are awaited even in the state Failed: Gardener retries by itself", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.move({
      ...erring("slow down", "ERR_INFRA_RATE_LIMITS_EXCEEDED"),
      lastOperation: operation("Failed", 60),
    });
    await scene.clock.advance(11 * MINUTE);
    expect(running.running()).to.equal(true);
    await scene.begin();
    await scene.setNodes(patched());
    await scene.succeed();
    expect(running.outcome()).to.have.property("kind", "done");
  });

  it("of the operation before are not those of ours", async () => {
    const scene = aScene(aCluster({ lastOperation: operation("Processing", 40) }));
    const running = scene.start(PATCH);
    await quiet();
    await scene.move({
      lastOperation: operation("Failed", 40),
      lastErrors: [{ description: "x", codes: [] }],
    });
    expect(running.running()).to.equal(true);
  });
});

describe("what Gardener reports of an operation that it retries", () => {
  it("is its description in the status line where it reports no error, and no warning", async () => {
    const scene = aScene();
    await underWay(scene, PATCH);
    await scene.move({ lastOperation: operation("Error", 60, { description: "machines are missing" }) });
    await scene.clock.advance(5_000);
    expect(scene.statuses.at(-1)).to.equal("[1/1] web: 60 % · Gardener retries after: machines are missing");
    expect(scene.warnings).to.deep.equal([]);
  });

  it("is a warning for an operation that has failed as well", async () => {
    const scene = aScene();
    await underWay(scene, PATCH);
    await scene.move({
      lastOperation: operation("Failed", 60),
      lastErrors: [{ description: "slow down", codes: ["ERR_INFRA_RATE_LIMITS_EXCEEDED"] }],
    });
    expect(scene.warnings.map(({ code, message }) => [code, message])).to.deep.equal([
      [
        "GU059",
        "web: Gardener retries after: slow down. The cloud limits the rate of requests; Gardener retries after ten minutes.",
      ],
    ]);
  });

  it("is no warning while the next attempt is in progress", async () => {
    const scene = aScene();
    await underWay(scene, PATCH);
    await scene.move({ lastErrors: [{ description: "slow down", codes: [] }] });
    expect(scene.warnings).to.deep.equal([]);
  });

  it("is a warning for each set of codes, in whatever order", async () => {
    const scene = aScene();
    await underWay(scene, PATCH);
    for (const codes of [["ERR_B", "ERR_A"], ["ERR_A", "ERR_B"], ["ERR_A"]]) {
      await scene.move({ lastOperation: operation("Error", 60), lastErrors: [{ description: "x", codes }] });
    }
    expect(scene.warnings).to.have.length(2);
    expect(scene.warnings[0]?.message).to.equal("web: Gardener retries after: x.");
  });
});

describe("a rollout that Gardener stopped", () => {
  it("is reported with the number of errors", async () => {
    const scene = aScene();
    const running = await underWay(scene, PATCH);
    await scene.move({
      lastOperation: operation("Failed", 60),
      lastErrors: [
        { description: "x", codes: [] },
        { description: "y", codes: [] },
      ],
    });
    expect(failure(running).message).to.include("the rollout failed: Gardener stopped with 2 errors.");
  });
});
