/** The order of worker pools (`workers.<pool>.order`) on the way over several minors. */
import { expect } from "chai";
import * as fc from "fast-check";
import type { Step } from "../../../provider/model/plan";
import { effectiveKubernetesVersion } from "../../../provider/model/shoot";
import { afterSteps, stepsTo } from "../../../provider/plan";
import { isNewer, sameMinor } from "../../../provider/plan/versions";
import { holds, isOurs, states } from "./sequence-claims";
import { scenes, type SequenceScene } from "./sequence-scenes";

/** Others are rare: a pool has to be held back shorter than one of an earlier order whose images differ. */
function mayBreakOrder({ shoot, route }: SequenceScene): boolean {
  const orders = new Set(shoot.workers.map(({ name }) => route.orders[name] ?? 0));
  const constrained = route.profile.machineImages.flatMap(({ versions }) =>
    versions.filter(({ kubeletVersionConstraint }) => kubeletVersionConstraint !== undefined),
  );
  return orders.size > 1 && route.versions.length > 2 && constrained.length > 2;
}

/** The pools that others of a later order roll before, with these: each version of the control plane is left in that state. */
function overtaken(
  steps: readonly Step[],
  { shoot, target, route }: SequenceScene,
): ReadonlyMap<string, readonly string[]> {
  const orderOf = (name: string) => route.orders[name] ?? 0;
  const found = new Map<string, string[]>();
  const kubelets = new Map<string, string>();
  const images = new Set<string>();
  steps.forEach((step, index) => {
    for (const { name, kubernetes, machineImage } of step.pools) {
      if (kubernetes && !sameMinor(kubernetes.from, kubernetes.to)) kubelets.set(name, kubernetes.to);
      if (machineImage) images.add(name);
    }
    const isLastOfVersion = index === steps.length - 1 || steps[index + 1]?.kubernetes !== undefined;
    if (!isLastOfVersion) return;
    const live = afterSteps(shoot, steps.slice(0, index + 1));
    for (const pool of live.workers) {
      const targeted = target.workers[pool.name]?.machineImage.version;
      const lacksImage = targeted !== "unmanaged" && targeted !== pool.machineImage.version;
      const kubelet = effectiveKubernetesVersion(live, pool);
      const ahead = live.workers.flatMap(({ name }) => {
        const isOlder = isOurs(pool, live) && isNewer(kubelets.get(name) ?? kubelet, kubelet);
        return orderOf(name) > orderOf(pool.name) && (isOlder || (lacksImage && images.has(name)))
          ? [name]
          : [];
      });
      if (ahead.length > 0) found.set(pool.name, [...(found.get(pool.name) ?? []), ...ahead]);
    }
  });
  return found;
}

describe("the steps over several minors, by the order of worker pools", () => {
  it("replace the nodes of an earlier order first, one order after the other", () => {
    holds((steps, { route }) => {
      let order = -Infinity;
      for (const { kubernetes, pools } of steps) {
        if (kubernetes) order = -Infinity;
        const orders = pools
          .filter(({ replacesNodes }) => replacesNodes)
          .map(({ name }) => route.orders[name] ?? 0);
        expect(new Set(orders).size).to.be.at.most(1);
        for (const one of new Set(orders)) {
          expect(one).to.be.greaterThan(order);
          order = one;
        }
      }
    });
  });

  it("roll a pool of an earlier order first where one of a later order rolls on the way, unless its images forbid it", () => {
    holds((steps, { shoot, route }) => {
      const constrained = route.profile.machineImages.some(({ versions }) =>
        versions.some(({ kubeletVersionConstraint }) => kubeletVersionConstraint !== undefined),
      );
      if (constrained) return;
      states(steps, shoot).forEach((before, index) => {
        for (const { name, kubernetes, replacesNodes } of steps[index]?.pools ?? []) {
          if (kubernetes === undefined || !replacesNodes) continue;
          for (const other of before.workers.filter((pool) => isOurs(pool, before))) {
            if ((route.orders[other.name] ?? 0) >= (route.orders[name] ?? 0)) continue;
            const runs = steps[index]?.pools.find((pool) => pool.name === other.name)?.kubernetes?.to;
            const kubelet = runs ?? effectiveKubernetesVersion(before, other);
            expect(isNewer(kubernetes.to, kubelet), `${other.name} before ${name}`).to.equal(false);
          }
        }
      });
    });
  });

  for (const oneByOne of [false, true]) {
    it(`report each order that they do not keep, and no other, ${oneByOne ? "one change at a time" : "all at once"}`, () => {
      let broken = 0;
      fc.assert(
        fc.property(scenes(oneByOne).filter(mayBreakOrder), ({ target, shoot, route, capabilities }) => {
          const result = stepsTo(target, shoot, route, capabilities);
          if (result.kind === "blocked") return;
          const found = overtaken(result.steps, { target, shoot, route, capabilities });
          expect(result.disorders.map(({ pool }) => pool).sort()).to.deep.equal([...found.keys()].sort());
          for (const { pool, ahead, why } of result.disorders) {
            expect(found.get(pool)).to.include.members([...ahead]);
            expect(why).to.contain("but");
          }
          broken += found.size;
        }),
        { numRuns: 3_000 },
      );
      expect(broken).to.be.greaterThan(0);
    }).timeout(30_000);
  }
});
