import { expect } from "chai";
import { createProgressDetector, type Snapshot } from "../../../provider/rollout/snapshot";
import { aCondition } from "../builders";
import { aCluster, aNode, operation } from "./scene";

const before: Snapshot = {
  shoot: aCluster({ lastOperation: operation("Processing", 10), conditions: [aCondition()] }),
  nodes: { kind: "seen", nodes: [aNode("n1"), aNode("n2")] },
};

function progressed(after: Snapshot): boolean {
  const detector = createProgressDetector();
  detector.progressed(before);
  return detector.progressed(after);
}

const shoot = (parts: Partial<Snapshot["shoot"]>): Snapshot => ({
  ...before,
  shoot: { ...before.shoot, ...parts },
});
const nodes = (...listed: readonly ReturnType<typeof aNode>[]): Snapshot => ({
  ...before,
  nodes: { kind: "seen", nodes: listed },
});

describe("progress of a rollout", () => {
  for (const [what, after] of [
    ["a new generation", shoot({ generation: 6 })],
    ["a generation that is observed", shoot({ observedGeneration: 6 })],
    ["another operation", shoot({ lastOperation: operation("Processing", 10, { type: "Restore" }) })],
    ["another state", shoot({ lastOperation: operation("Succeeded", 10) })],
    ["another percentage", shoot({ lastOperation: operation("Processing", 11) })],
    [
      "another description",
      shoot({ lastOperation: operation("Processing", 10, { description: "Waiting" }) }),
    ],
    ["another error", shoot({ lastErrors: [{ description: "no machines", codes: [] }] })],
    ["a condition of another status", shoot({ conditions: [aCondition({ status: "Progressing" })] })],
    ["a condition for another reason", shoot({ conditions: [aCondition({ reason: "NodeUnhealthy" })] })],
    ["a node that is added", nodes(aNode("n1"), aNode("n2"), aNode("n3"))],
    ["a node that is removed", nodes(aNode("n1"))],
    ["a kubelet of another version", nodes(aNode("n1", { kubeletVersion: "1.33.9" }), aNode("n2"))],
    ["another operating system", nodes(aNode("n1", { osImage: "Garden Linux 1877.3" }), aNode("n2"))],
    ["a node that is not ready", nodes(aNode("n1", { ready: false }), aNode("n2"))],
  ] as const) {
    it(`is ${what}`, () => {
      expect(progressed(after)).to.equal(true);
    });
  }

  for (const [what, after] of [
    ["the same state", before],
    ["the order of the nodes", nodes(aNode("n2"), aNode("n1"))],
    ["a condition's message", shoot({ conditions: [aCondition({ message: "1 of 3 nodes" })] })],
    ["a resource version", shoot({ resourceVersion: "101" })],
    ["a watch that is interrupted", { ...before, interrupted: "connection refused" }],
  ] as const) {
    it(`is not ${what}`, () => {
      expect(progressed(after)).to.equal(false);
    });
  }

  it("is a state only once, however often it returns", () => {
    const detector = createProgressDetector();
    const failed = shoot({ lastOperation: operation("Error", 10) });
    expect([before, failed, before, failed].map((snapshot) => detector.progressed(snapshot))).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
  });

  it("is a Shoot without an operation, then one with it", () => {
    const detector = createProgressDetector();
    const none = { shoot: aCluster({ lastOperation: undefined }), nodes: { kind: "unseen" } } as const;
    expect(detector.progressed(none)).to.equal(true);
    expect(detector.progressed({ ...none, shoot: before.shoot })).to.equal(true);
  });

  it("is another node that is missing", () => {
    const detector = createProgressDetector();
    const progressed = (...names: readonly string[]) =>
      detector.progressed({
        shoot: aCluster(),
        nodes: { kind: "seen", nodes: names.map((name) => aNode(name)) },
      });
    expect([
      progressed("n1", "n2"),
      progressed("n1"),
      progressed("n1", "n2"),
      progressed("n2"),
    ]).to.deep.equal([true, true, false, true]);
  });
});
