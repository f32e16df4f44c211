import { expect } from "chai";
import { summaryOf } from "../../../provider/model/shootSummary";
import { aLastOperation, aPool, aShoot } from "../builders";

describe("summaryOf", () => {
  it("has the versions of the control plane and of each pool", () => {
    const shoot = aShoot({
      labels: { tier: "canary" },
      purpose: "production",
      workers: [aPool(), aPool({ name: "pool-b", kubernetesVersion: "1.32.9" })],
    });
    const summary = summaryOf(shoot);
    expect(summary).to.include({ name: "web", namespace: "garden-demo", kubernetesVersion: "1.33.4" });
    expect(summary).to.deep.include({ labels: { tier: "canary" }, purpose: "production", hibernated: false });
    expect(
      Object.entries(summary.workers).map(([name, pool]) => [name, pool.kubernetesVersion]),
    ).to.deep.equal([
      ["pool-a", "1.33.4"],
      ["pool-b", "1.32.9"],
    ]);
  });

  it("has empty labels where the garden does not report them", () => {
    expect(summaryOf(aShoot({ labels: undefined })).labels).to.deep.equal({});
  });

  it("tells a Shoot that is hibernated", () => {
    expect(summaryOf(aShoot({ hibernation: { enabled: true, hibernated: false } })).hibernated).to.equal(
      true,
    );
  });

  for (const [status, parts] of [
    ["reconciled", {}],
    ["reconciling", { generation: 4 }],
    ["reconciling", { lastOperation: aLastOperation({ state: "Processing" }) }],
    ["reconciling", { lastOperation: undefined }],
    ["failed", { lastOperation: aLastOperation({ state: "Failed" }) }],
    ["failed", { lastOperation: aLastOperation({ state: "Error" }) }],
    ["deleting", { deletionTimestamp: new Date(), lastOperation: aLastOperation({ state: "Failed" }) }],
  ] as const) {
    it(`reports ${status} for ${JSON.stringify(Object.keys(parts))}`, () => {
      expect(summaryOf(aShoot(parts)).status).to.equal(status);
    });
  }
});
