import { expect } from "chai";
import { outputsAfter, outputsOf } from "../../../provider/lifecycle/outputs";
import { inputsOf } from "../../../provider/lifecycle/state";
import { UNMANAGED } from "../../../provider/model/plan";
import type { Shoot } from "../../../provider/model/shoot";
import { specVersions } from "../../../provider/plan";
import { aLastOperation, aPool, aShoot } from "../builders";

const before = specVersions(aShoot());
const target = { ...before, kubernetesVersion: "1.34.3" };
const apiServer = { server: "https://api.web.demo.example", certificateAuthority: "PEM" };
const inputs = inputsOf(aShoot(), { context: "demo" }, target, apiServer);
const processing = aLastOperation({ state: "Processing", progress: 40 });
const failed = aLastOperation({ state: "Failed", progress: 54 });

/** The Shoot with the first of two minors written. */
function written(parts: Partial<Shoot> = {}): Shoot {
  return aShoot({ kubernetesVersion: "1.33.9", ...parts });
}

describe("the outputs after a rollout", () => {
  const after = (outcome: Parameters<typeof outputsAfter>[0]) => {
    const { kubernetesVersion, state } = outputsAfter(outcome, inputs, before);
    return { kubernetesVersion, state };
  };

  for (const [name, shoot] of Object.entries({
    "Gardener is reconciling": written({ lastOperation: processing }),
    "Gardener has stopped with an error": written({ lastOperation: failed }),
    "Gardener has not observed the last change": written({ generation: 4 }),
  })) {
    it(`that is held have the versions from before where ${name}`, () => {
      expect(after({ kind: "held", shoot })).to.deep.equal({ kubernetesVersion: "1.33.4", state: "pending" });
    });
  }

  it("that is held have the versions that are complete where Gardener has succeeded", () => {
    expect(after({ kind: "held", shoot: written() })).to.deep.equal({
      kubernetesVersion: "1.33.9",
      state: "pending",
    });
  });

  it("that waits for the maintenance window have the versions from before", () => {
    expect(after({ kind: "confined", shoot: written() })).to.deep.equal({
      kubernetesVersion: "1.33.4",
      state: "pending",
    });
  });

  it("that is not awaited have the versions from before", () => {
    const completed = Promise.resolve();
    expect(after({ kind: "written", shoot: written(), completed })).to.deep.equal({
      kubernetesVersion: "1.33.4",
      state: "inProgress",
    });
  });

  for (const outcome of [{ kind: "nothing" }, { kind: "done", nodes: "verified" }] as const) {
    it(`are up to date only with the target: ${outcome.kind}`, () => {
      expect(after({ ...outcome, shoot: aShoot({ kubernetesVersion: "1.34.3" }) })).to.deep.equal({
        kubernetesVersion: "1.34.3",
        state: "upToDate",
      });
      expect(after({ ...outcome, shoot: written() })).to.deep.equal({
        kubernetesVersion: "1.33.9",
        state: "pending",
      });
    });
  }
});

describe("the outputs of a Shoot", () => {
  const unmanaged = { ...before, kubernetesVersion: UNMANAGED };

  it("report the Kubernetes version that runs where it is not managed, and mark the target as such", () => {
    const outputs = outputsOf(
      inputs,
      { shoot: written(), observed: unmanaged, state: "upToDate" },
      unmanaged,
    );
    expect(outputs.kubernetesVersion).to.equal("1.33.9");
    expect(outputs.target.kubernetesVersion).to.equal(UNMANAGED);
  });

  it("report the observed version, not that of the spec, where it is managed", () => {
    const outputs = outputsOf(inputs, { shoot: written(), observed: before, state: "inProgress" });
    expect(outputs.kubernetesVersion).to.equal("1.33.4");
  });

  it("keep the garden, the address and the target, and contain nothing else", () => {
    const shoot = aShoot({ workers: [aPool()] });
    expect(outputsOf(inputs, { shoot, observed: before, state: "pending" })).to.deep.equal({
      shoot: "garden-demo/web",
      shootUid: shoot.uid,
      garden: { context: "demo" },
      apiServer,
      ...before,
      target,
      state: "pending",
    });
  });

  it("take the target of the declaration where an adoption has it beside its inputs", () => {
    const adopted = inputsOf(aShoot(), {}, before, undefined);
    const outputs = outputsOf(adopted, { shoot: aShoot(), observed: before, state: "pending" }, target);
    expect(outputs.target).to.deep.equal(target);
    expect(outputs.kubernetesVersion).to.equal("1.33.4");
  });
});
