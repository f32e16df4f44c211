import { expect } from "chai";
import * as fc from "fast-check";
import { afterSteps, changeFor, pending, plan, within } from "../../../provider/plan";
import { aPool, aShoot, everyCapability, version } from "../builders";
import { declarations, moments, profiles, shoots } from "./arbitraries";
import { noticesOf, planned, type Scene } from "./asking";

const capabilities = { ...everyCapability, combinedWrites: false, poolKubernetesVersions: false };
const shoot = aShoot({ workers: [aPool(), aPool({ name: "gpu", minimum: 1, maximum: 2 })] });
const scene: Scene = { shoot, capabilities };

describe("a plan for a garden that takes one change at a time", () => {
  it("is a step for the image of each pool, then one for Kubernetes", () => {
    const { steps } = planned({ kubernetes: version("1.34"), machineImage: version("1877.3.0") }, scene);
    expect(
      steps.map(({ kubernetes, pools }) => [kubernetes?.to, pools.map(({ name }) => name)]),
    ).to.deep.equal([
      [undefined, ["pool-a"]],
      [undefined, ["gpu"]],
      ["1.34.3", ["pool-a", "gpu"]],
    ]);
  });

  it("is steps for the images alone where Kubernetes stays", () => {
    const { steps } = planned({ machineImage: version("1877.3.0") }, scene);
    expect(steps.map(({ pools }) => pools.map(({ name }) => name))).to.deep.equal([["pool-a"], ["gpu"]]);
  });

  it("never carries an image and Kubernetes together", () => {
    const { steps } = planned({ kubernetes: version("1.33"), machineImage: version("1877.3.0") }, scene);
    for (const step of steps) {
      const images = step.pools.filter(({ machineImage }) => machineImage !== undefined).length;
      expect(images).to.equal(step.kubernetes === undefined ? 1 : 0);
    }
  });

  it("comes to the same as one write, in writes of one change each", () => {
    fc.assert(
      fc.property(declarations, shoots, profiles, moments, (declaration, live, profile, now) => {
        const result = plan(declaration, live, profile, now, capabilities);
        if (result.kind === "refused") return;
        const { steps, target } = result.plan;
        for (const step of steps) {
          const { kubernetesVersion, workers } = changeFor(step, live);
          const images = workers.filter(({ machineImage }) => machineImage !== undefined).length;
          expect(images + (kubernetesVersion === undefined ? 0 : 1)).to.be.at.most(1);
        }
        expect(pending(target, afterSteps(live, steps))).to.deep.equal([]);
        expect(within(steps, steps)).to.equal(true);
      }),
      { numRuns: 500 },
    );
  }).timeout(20_000);

  it("names how many nodes are replaced where a minor replaces them once more", () => {
    const plan = planned({ kubernetes: version("1.34"), machineImage: version("1877.3.0") }, scene);
    expect(noticesOf(plan, "GU062").map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: this garden takes images and Kubernetes one after the other, so the nodes of pool-a, gpu " +
        "are replaced twice: 8 to 10 nodes in all.",
    ]);
  });

  it("does not report it where a patch only restarts the kubelets", () => {
    const plan = planned({ kubernetes: version("1.33"), machineImage: version("1877.3.0") }, scene);
    expect(noticesOf(plan, "GU062")).to.deep.equal([]);
  });

  it("goes minor by minor, with what that costs, since no pool can be held back", () => {
    const machineImage = version("1877.3.0");
    const plan = planned({ kubernetes: version("1.35"), machineImage }, scene);
    expect(plan.steps.map(({ kubernetes }) => kubernetes?.to)).to.deep.equal([
      undefined,
      undefined,
      "1.34.3",
      "1.35.2",
    ]);
    expect(noticesOf(plan, "GU062").map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: nodes are replaced pool-a 3 times, gpu 3 times: 12 to 15 nodes in all. " +
        "Up to 2 more at a time: pool-a 1, gpu 1.",
    ]);
  });

  it("has nothing to report of nodes where there are none", () => {
    const plan = planned({ kubernetes: version("1.35") }, { ...scene, shoot: aShoot({ workers: [] }) });
    expect(noticesOf(plan, "GU062")).to.deep.equal([]);
  });
});
