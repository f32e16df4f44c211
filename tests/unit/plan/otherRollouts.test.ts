import { expect } from "chai";
import { aPool, aShoot, version } from "../builders";
import { noticesOf, planned } from "./asking";

const workers = [aPool(), aPool({ name: "gpu" })];
const image = { workers: { "pool-a": { machineImage: version("1877.3.0") } } };

const about = (shoot: Parameters<typeof aShoot>[0], declared: Parameters<typeof planned>[0] = image) =>
  noticesOf(planned(declared, { shoot: aShoot({ workers, ...shoot }) }), "GU064").map(
    ({ message }) => message,
  );

describe("a rollout of nodes that others have requested", () => {
  it("is named while it runs, with the pools that the upgrade rolls as well", () => {
    const [message, ...others] = about({ requestedRollouts: ["pool-a", "gpu"] });
    expect(others).to.deep.equal([]);
    expect(message)
      .to.contain("rollout-workers is in progress for pool-a, gpu")
      .and.to.contain("replaces the nodes of pool-a as well")
      .and.to.contain("may be replaced twice");
  });

  for (const operation of [
    "rollout-workers=pool-a",
    "reconcile;rollout-workers=*",
    "rotate-rollout-workers=gpu, pool-a",
  ]) {
    it(`is named as soon as it is requested: ${operation}`, () => {
      expect(about({ annotations: { "gardener.cloud/operation": operation } })).to.have.length(1);
    });
  }

  it("is named where it waits for the maintenance window", () => {
    const [message] = about({ annotations: { "maintenance.gardener.cloud/operation": "rollout-workers=*" } });
    expect(message)
      .to.contain("a rollout of the nodes of pool-a is requested for the next maintenance window")
      .and.to.contain("the annotation maintenance.gardener.cloud/operation");
  });

  it("does not matter to pools whose nodes stay", () => {
    expect(about({ requestedRollouts: ["gpu"] })).to.deep.equal([]);
    expect(about({ annotations: { "gardener.cloud/operation": "rollout-workers=gpu" } })).to.deep.equal([]);
    expect(about({ annotations: { "gardener.cloud/operation": "reconcile" } })).to.deep.equal([]);
    expect(about({ requestedRollouts: ["pool-a"] }, { kubernetes: version("1.33") })).to.deep.equal([]);
  });
});
