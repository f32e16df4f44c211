import { expect } from "chai";
import fc from "fast-check";
import type { PoolNodesTarget, PoolNodes } from "../../../provider/rollout/nodes";
import { progressLine, type ProgressLine } from "../../../provider/rollout/progress";
import { aNode } from "./scene";

function pool(name: string, fresh: number, old: number, target: Partial<PoolNodesTarget> = {}): PoolNodes {
  const nodes = (count: number) => Array.from({ length: count }, (_, index) => aNode(`${name}-${index}`));
  return {
    target: { pool: name, kubernetes: "1.34.3", populated: true, ...target },
    updated: nodes(fresh),
    outdated: nodes(old),
  };
}

const web: ProgressLine = {
  label: "web",
  position: { index: 1, total: 1 },
  operation: { progress: 42, description: "Waiting until worker pools have been reconciled" },
};

describe("the status line", () => {
  it("has position, cluster, percentage and nodes", () => {
    const line = { ...web, pools: [pool("pool-a", 2, 1)], sizes: new Map([["pool-a", 3]]) };
    expect(progressLine(line)).to.equal("[1/1] web: 42 % · pool-a 2/3 nodes on 1.34.3");
  });

  it("counts a pool's nodes as before the rollout, without surge nodes", () => {
    const line = { ...web, pools: [pool("pool-a", 2, 2)], sizes: new Map([["pool-a", 3]]) };
    expect(progressLine(line)).to.include("pool-a 2/3");
  });

  it("shows outdated nodes that remain when the new ones are complete", () => {
    const line = { ...web, pools: [pool("pool-a", 3, 1)], sizes: new Map([["pool-a", 3]]) };
    expect(progressLine(line)).to.include("pool-a 3/3 (1 old one leaving) nodes on 1.34.3");
  });

  it("groups pools with the same target", () => {
    const pools = [pool("pool-a", 3, 0), pool("pool-b", 0, 5)];
    expect(progressLine({ ...web, pools })).to.equal(
      "[1/1] web: 42 % · pool-a 3/3, pool-b 0/5 nodes on 1.34.3",
    );
  });

  it("has the image where only that changes", () => {
    const target = { kubernetes: undefined, image: { name: "gardenlinux", version: "1877.3.0" } };
    expect(progressLine({ ...web, pools: [pool("pool-a", 1, 2, target)] })).to.include(
      "pool-a 1/3 nodes on gardenlinux 1877.3.0",
    );
  });

  it("has Gardener's description where nodes cannot be listed", () => {
    expect(progressLine(web)).to.equal("[1/1] web: 42 % · Waiting until worker pools have been reconciled");
  });

  it("shows a note instead of the nodes", () => {
    const line = { ...web, pools: [pool("pool-a", 2, 1)], note: "Gardener retries after: no machines" };
    expect(progressLine(line)).to.equal("[1/1] web: 42 % · Gardener retries after: no machines");
  });

  it("is one line of bounded length whatever Gardener reports", () => {
    const line = progressLine({ ...web, note: `first\nsecond ${"x".repeat(1_000)}` });
    expect(line).to.include("first second");
    expect(line.length).to.be.at.most(140);
  });

  it("has the names of a node, a budget and a pod uncut, and is bounded nevertheless", () => {
    const names = ["n".repeat(60), "b".repeat(80), "p".repeat(80)];
    const line = { ...web, note: "Gardener retries after: no machines" };
    expect(progressLine({ ...line, cause: names.join(" ") })).to.equal(
      `[1/1] web: 42 % · ${names.join(" ")}`,
    );
    expect(progressLine({ ...line, cause: "x".repeat(1_000) }).length).to.be.at.most(340);
  });

  it("has position, name and percentage in its first twenty characters, however long the name", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom("a", "b", "-", "9") }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 99 }),
        (label, progress, total) => {
          const line = progressLine({
            ...web,
            label,
            position: { index: 1, total },
            operation: { progress, description: "" },
          });
          expect(line.slice(0, 20)).to.include(`: ${progress} %`).and.include(label.slice(0, 2));
        },
      ),
    );
  });
});

describe("the status line with little to show", () => {
  it("is the cluster and the stage", () => {
    expect(progressLine({ label: "web" })).to.equal("web: waiting");
    expect(progressLine({ label: "web", stage: "queued" })).to.equal("web: queued");
  });

  it("has a percentage without a description", () => {
    expect(progressLine({ label: "web", operation: { progress: 7, description: "" } })).to.equal("web: 7 %");
  });

  it("has the step of several", () => {
    expect(progressLine({ ...web, stepPosition: { index: 2, total: 3 } })).to.match(/^\[2\/3\] web: 42 %/);
  });

  it("has a long name as far as there is room", () => {
    const line = progressLine({ ...web, label: "production-eu-1" });
    expect(line).to.match(/^\[1\/1\] product…: 42 %/);
    expect(progressLine({ ...web, position: undefined, label: "production-eu" })).to.match(
      /^production-eu: 42 %/,
    );
  });

  it("counts only updated nodes of a pool that has become smaller", () => {
    const line = { ...web, pools: [pool("pool-a", 2, 0)], sizes: new Map([["pool-a", 3]]) };
    expect(progressLine(line)).to.include("pool-a 2/2 nodes");
  });

  it("does not shorten the nodes of many pools", () => {
    const pools = Array.from({ length: 20 }, (_, index) => pool(`pool-${index}`, 1, 0));
    expect(progressLine({ ...web, pools })).to.include("pool-19 1/1 nodes on 1.34.3");
  });
});
