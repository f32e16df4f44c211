import { expect } from "chai";
import * as fc from "fast-check";
import { UNMANAGED, type Plan } from "../../../provider/model/plan";
import { effectiveKubernetesVersion, type Shoot } from "../../../provider/model/shoot";
import {
  pending,
  plan,
  planMessage,
  reached,
  upgrades,
  within,
  managedVersions,
  specVersions,
} from "../../../provider/plan";
import { afterSteps } from "../../../provider/plan/change";
import { isNewer, minorsBetween } from "../../../provider/plan/versions";
import { everyCapability } from "../builders";
import { declarations, moments, profiles, shoots } from "./arbitraries";

const scenes = fc.record({ declaration: declarations, shoot: shoots, profile: profiles, now: moments });

/** Checks what holds of every plan that is made; refused ones hold nothing to check. */
function holds(check: (plan: Plan, shoot: Shoot) => void): void {
  fc.assert(
    fc.property(scenes, ({ declaration, shoot, profile, now }) => {
      const result = plan(declaration, shoot, profile, now, everyCapability);
      if (result.kind === "plan") check(result.plan, shoot);
    }),
    { numRuns: 200 },
  );
}

describe("every plan", () => {
  it("is made or refused with reasons, and never throws", () => {
    fc.assert(
      fc.property(scenes, fc.boolean(), ({ declaration, shoot, profile, now }, adopting) => {
        const result = plan(declaration, shoot, profile, now, everyCapability);
        if (result.kind === "refused") expect(result.problems).not.to.have.length(0);
        expect(planMessage(shoot, result, { adopting })).to.match(/^web: /);
        expect(upgrades(shoot, profile, now).shoot).to.equal("garden-demo/web");
      }),
      { numRuns: 200 },
    );
  });

  it("never goes down", () => {
    holds(({ steps }) => {
      for (const { kubernetes, pools } of steps) {
        for (const move of [kubernetes, ...pools.flatMap((pool) => [pool.kubernetes, pool.machineImage])]) {
          if (move !== undefined)
            expect(isNewer(move.to, move.from), `${move.from} → ${move.to}`).to.equal(true);
        }
      }
    });
  });

  it("has a target that is never below the Shoot's versions", () => {
    holds(({ target }, shoot) => {
      expect(isNewer(shoot.kubernetesVersion, target.kubernetesVersion)).to.equal(false);
      for (const pool of shoot.workers) {
        const desired = target.workers[pool.name];
        expect(isNewer(pool.machineImage.version, desired?.machineImage.version ?? "")).to.equal(false);
        expect(isNewer(effectiveKubernetesVersion(shoot, pool), desired?.kubernetesVersion ?? "")).to.equal(
          false,
        );
      }
    });
  });

  it("never skips a minor of the control plane, and has a step for each at most", () => {
    holds(({ steps, target }, shoot) => {
      const minors = minorsBetween(shoot.kubernetesVersion, target.kubernetesVersion);
      expect(steps.length).to.be.at.most(Math.max(1, minors));
      for (const { kubernetes } of steps) {
        if (kubernetes) expect(minorsBetween(kubernetes.from, kubernetes.to)).to.be.oneOf([0, 1]);
      }
    });
  });

  it("has a target with exactly the pools of the Shoot", () => {
    holds(({ target }, shoot) => {
      expect(Object.keys(target.workers).sort()).to.deep.equal(shoot.workers.map(({ name }) => name).sort());
    });
  });

  it("has steps exactly when the Shoot has not reached the target", () => {
    holds(({ target, steps }, shoot) => {
      expect(steps.length === 0).to.equal(reached(target, shoot));
      expect(within(pending(target, shoot), steps)).to.equal(true);
    });
  });

  it("leads to its target, which is then what is observed", () => {
    holds(({ target, steps }, shoot) => {
      expect(managedVersions(specVersions(afterSteps(shoot, steps)), target)).to.deep.equal(target);
    });
  });

  it("is within itself, and so is what is left of it", () => {
    holds(({ target, steps }, shoot) => {
      expect(within(steps, steps)).to.equal(true);
      const half = steps.map((step) => ({ ...step, pools: step.pools.slice(0, 1) }));
      expect(within(pending(target, afterSteps(shoot, half)), steps)).to.equal(true);
    });
  });

  it("leaves alone what is not declared", () => {
    holds(({ target, steps }, shoot) => {
      const after = afterSteps(shoot, steps);
      if (target.kubernetesVersion === UNMANAGED)
        expect(after.kubernetesVersion).to.equal(shoot.kubernetesVersion);
      for (const [index, pool] of shoot.workers.entries()) {
        expect(after.workers[index]?.kubernetesVersion).to.equal(pool.kubernetesVersion);
        if (target.workers[pool.name]?.machineImage.version === UNMANAGED) {
          expect(after.workers[index]?.machineImage).to.deep.equal(pool.machineImage);
        }
      }
    });
  });

  it("carries no error among its notices", () => {
    holds(({ notices }) => expect(notices.filter(({ severity }) => severity === "error")).to.deep.equal([]));
  });
});

describe("planning again after the steps", () => {
  it("finds nothing left to do", () => {
    fc.assert(
      fc.property(scenes, ({ declaration, shoot, profile, now }) => {
        const result = plan(declaration, shoot, profile, now, everyCapability);
        if (result.kind === "refused") return;
        const again = plan(declaration, afterSteps(shoot, result.plan.steps), profile, now, everyCapability);
        expect(again.kind).to.equal("plan");
        expect(again.kind === "plan" ? again.plan.steps : undefined).to.deep.equal([]);
      }),
      { numRuns: 200 },
    );
  });
});
