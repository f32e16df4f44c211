import { expect } from "chai";
import { describeLandscape } from "../../../provider/plan";
import { aShoot } from "../builders";

describe("the plan of a landscape", () => {
  const kubernetes = { from: "1.33.4", to: "1.33.7", minor: false };
  const inPlace = { kubernetes, pools: [{ name: "pool-a", replacesNodes: false }] };
  const roll = {
    kubernetes: { ...kubernetes, to: "1.34.3", minor: true },
    pools: [{ name: "pool-a", replacesNodes: true }],
  };

  it("has a line for each Shoot with something pending, by wave, and one for all others", () => {
    const pending = { kind: "pending", shoot: aShoot() } as const;
    const text = describeLandscape([
      {
        name: "prod",
        wave: 2,
        plan: { ...pending, steps: [roll], start: "1d after canary, whose rollout is not complete" },
      },
      { name: "canary", wave: 1, plan: { ...pending, steps: [inPlace, roll], start: "now" } },
      { name: "a", wave: 1, plan: { kind: "upToDate" } },
      { name: "b", wave: 2, plan: { kind: "upToDate" } },
      { name: "c", wave: 2, plan: { kind: "unknown" } },
    ]);
    expect(text.split("\n")).to.deep.equal([
      "5 Shoots: 2 pending",
      "wave 1",
      "  canary: Kubernetes 1.33.4 → 1.33.7, then Kubernetes 1.33.4 → 1.34.3; 3 nodes replaced; now",
      "wave 2",
      "  prod: Kubernetes 1.33.4 → 1.34.3; 3 nodes replaced; 1d after canary, whose rollout is not complete",
      "nothing pending: a, b",
      "not known in this preview: c",
    ]);
  });

  it("says where no nodes are replaced", () => {
    const plan = { kind: "pending", shoot: aShoot(), steps: [inPlace], start: "now" } as const;
    expect(describeLandscape([{ name: "web", wave: 1, plan }])).to.contain("no nodes replaced; now");
  });
});
