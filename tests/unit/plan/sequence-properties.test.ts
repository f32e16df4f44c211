import { expect } from "chai";
import * as fc from "fast-check";
import { entryOf } from "../../../provider/model/json";
import type { Step } from "../../../provider/model/plan";
import { effectiveKubernetesVersion, ROLLOUT_ANNOTATION, type Shoot } from "../../../provider/model/shoot";
import { afterSteps, pending, stepsTo, within } from "../../../provider/plan";
import { heldBackPools } from "../../../provider/plan/heldBack";
import { isNewer, minorsBetween, sameMinor } from "../../../provider/plan/versions";
import { fewestReplacements } from "./fewest";
import { scenes, sequence, type SequenceScene } from "./sequence-scenes";

const RUNS = { numRuns: 1_000 };

function holds(check: (steps: readonly Step[], scene: SequenceScene) => void, oneByOne = false): void {
  fc.assert(
    fc.property(scenes(oneByOne), (scene) => {
      const steps = sequence(scene);
      if (steps !== undefined) check(steps, scene);
    }),
    RUNS,
  );
}

/** The Shoot before each step, and after the last. */
function states(steps: readonly Step[], shoot: Shoot): readonly Shoot[] {
  return [shoot, ...steps.map((_, index) => afterSteps(shoot, steps.slice(0, index + 1)))];
}

/** Kubelets that run while the control plane already has the version of the step: those of before. */
function kubeletsDuring(before: Shoot): readonly string[] {
  return before.workers.map((pool) => effectiveKubernetesVersion(before, pool));
}

const isOurs = ({ kubernetesVersion: pin, name }: Shoot["workers"][number], shoot: Shoot) =>
  pin === undefined || heldBackPools(shoot).has(name);

/** Others are rare: a pool has to be held back shorter than one of an earlier order whose images differ. */
function mayBreakOrder({ shoot, route }: SequenceScene): boolean {
  const orders = new Set(shoot.workers.map(({ name }) => route.orders[name] ?? 0));
  const constrained = route.profile.machineImages.flatMap(({ versions }) =>
    versions.filter(({ kubeletVersionConstraint }) => kubeletVersionConstraint !== undefined),
  );
  return orders.size > 1 && route.versions.length > 2 && constrained.length > 2;
}

function breaksOrder({ target, shoot, route, capabilities }: SequenceScene): boolean {
  const result = stepsTo(target, shoot, route, capabilities);
  return result.kind === "steps" && result.disorders.length > 0;
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

describe("the steps over several minors", () => {
  for (const [garden, oneByOne] of [
    ["all at once", false],
    ["one change at a time", true],
  ] as const) {
    describe(`on a garden that takes ${garden}`, () => {
      it("never go down", () => {
        holds((steps) => {
          for (const { kubernetes, pools } of steps) {
            for (const move of [
              kubernetes,
              ...pools.flatMap((pool) => [pool.kubernetes, pool.machineImage]),
            ]) {
              if (move) expect(isNewer(move.to, move.from), `${move.from} → ${move.to}`).to.equal(true);
            }
          }
        }, oneByOne);
      });

      it("skip no minor of the control plane", () => {
        holds((steps) => {
          for (const { kubernetes } of steps) {
            if (kubernetes) expect(minorsBetween(kubernetes.from, kubernetes.to)).to.be.oneOf([0, 1]);
          }
        }, oneByOne);
      });

      it("reach the target, with nothing pending and nothing recorded", () => {
        holds((steps, { target, shoot, ...rest }) => {
          const after = afterSteps(shoot, steps);
          expect(pending(target, after)).to.deep.equal([]);
          expect(sequence({ ...rest, target, shoot: after })).to.deep.equal([]);
          expect(after.annotations).to.deep.equal({ "example.com/other": "kept" });
          for (const pool of after.workers) {
            const before = shoot.workers.find(({ name }) => name === pool.name);
            const isPinned = before !== undefined && !isOurs(before, shoot);
            expect(pool.kubernetesVersion).to.equal(isPinned ? before.kubernetesVersion : undefined);
          }
        }, oneByOne);
      });

      it("are the rest of themselves when they are planned again after any of them, where they keep the order", () => {
        holds((steps, scene) => {
          // Where images break the order at first, it may be kept later, with one replacement more.
          if (breaksOrder(scene)) return;
          states(steps, scene.shoot).forEach((shoot, index) => {
            const rest = sequence({ ...scene, shoot });
            expect(rest).to.deep.equal(steps.slice(index));
            expect(within(rest ?? [], steps)).to.equal(true);
          });
        }, oneByOne);
      });

      it("are the same for the same input", () => {
        holds((steps, scene) => expect(sequence(scene)).to.deep.equal(steps), oneByOne);
      });

      it("leave no kubelet further behind a running control plane than allowed", () => {
        holds((steps, { shoot, route }) => {
          states(steps, shoot).forEach((before, index) => {
            const version = steps[index]?.kubernetes?.to;
            if (version === undefined) return;
            before.workers.forEach((pool, which) => {
              if (!isOurs(pool, before)) return;
              expect(minorsBetween(kubeletsDuring(before)[which] ?? "", version)).to.be.at.most(
                route.mostMinorsBehind,
              );
            });
          });
        }, oneByOne);
      });

      it("give every pool an image that serves its kubelets", () => {
        holds((steps, { shoot, route }) => {
          const entries = route.profile.machineImages.flatMap(({ versions }) => versions);
          for (const after of states(steps, shoot).slice(1)) {
            for (const pool of after.workers.filter((one) => isOurs(one, after))) {
              const { kubeletVersionConstraint: constraint } =
                entries.find(({ version }) => version === pool.machineImage.version) ?? {};
              const minor = Number(effectiveKubernetesVersion(after, pool).split(".")[1]);
              const bound = Number(constraint?.split("1.")[1]);
              if (constraint?.startsWith("<")) expect(minor).to.be.below(bound);
              else if (constraint !== undefined) expect(minor).to.be.at.least(bound);
            }
          }
        }, oneByOne);
      });
    });
  }

  it("replace no node more often than any other way, but where a pool has to roll before those of a later order", () => {
    holds((steps, { shoot, target, route }) => {
      const orderOf = (name: string) => route.orders[name] ?? 0;
      const last = Math.max(...shoot.workers.map(({ name }) => orderOf(name)));
      const versions = [shoot.kubernetesVersion, ...route.versions];
      for (const pool of shoot.workers) {
        if (
          !isOurs(pool, shoot) ||
          pool.updateStrategy !== "AutoRollingUpdate" ||
          route.workers === "everyMinor"
        )
          continue;
        const image = entryOf(target.workers, pool.name)?.machineImage.version;
        const fewest = fewestReplacements({
          pool,
          kubelet: effectiveKubernetesVersion(shoot, pool),
          versions,
          image: image === "unmanaged" ? undefined : image,
          route,
        });
        const replaced = steps.filter(({ pools }) =>
          pools.some(({ name, replacesNodes }) => name === pool.name && replacesNodes),
        );
        if (orderOf(pool.name) === last) expect(replaced.length).to.equal(fewest);
        else expect(replaced.length).to.be.at.least(fewest);
      }
    });
  });

  it("are missing only where there is no way", () => {
    fc.assert(
      fc.property(scenes(), (scene) => {
        const { shoot, target, route } = scene;
        if (sequence(scene) !== undefined || route.workers === "everyMinor") return;
        const fewest = shoot.workers
          .filter((pool) => isOurs(pool, shoot) && pool.updateStrategy === "AutoRollingUpdate")
          .map((pool) => {
            const image = entryOf(target.workers, pool.name)?.machineImage.version;
            return fewestReplacements({
              pool,
              kubelet: effectiveKubernetesVersion(shoot, pool),
              versions: [shoot.kubernetesVersion, ...route.versions],
              image: image === "unmanaged" ? undefined : image,
              route,
            });
          });
        // Pools that cannot be held back, or that a user has pinned, may be the reason as well.
        const others = shoot.workers.length > fewest.length;
        expect(others || fewest.includes(Infinity)).to.equal(true);
      }),
      RUNS,
    );
  });

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

  it("record every pool that is behind the control plane and that no user has pinned", () => {
    holds((steps, { shoot }) => {
      for (const after of states(steps, shoot).slice(1)) {
        const recorded = heldBackPools(after);
        const text = after.annotations[ROLLOUT_ANNOTATION];
        expect(text === undefined).to.equal(recorded.size === 0);
        for (const [name, pin] of recorded) expect(pin, name).not.to.equal(after.kubernetesVersion);
      }
    });
  });

  it("still reach the target where maintenance has given a pool or the control plane a newer version", () => {
    fc.assert(
      fc.property(scenes(), fc.nat(), fc.boolean(), (scene, random, ofPool) => {
        const steps = sequence(scene);
        if (steps === undefined || steps.length === 0) return;
        const at = random % steps.length;
        const live = afterSteps(scene.shoot, steps.slice(0, at));
        const newer = (version: string) => version.replace(/\d+$/, (digits) => String(Number(digits) + 1));
        const shoot: Shoot = ofPool
          ? {
              ...live,
              workers: live.workers.map((pool) => ({
                ...pool,
                kubernetesVersion:
                  pool.kubernetesVersion !== undefined &&
                  !sameMinor(pool.kubernetesVersion, live.kubernetesVersion)
                    ? newer(pool.kubernetesVersion)
                    : pool.kubernetesVersion,
              })),
            }
          : { ...live, kubernetesVersion: newer(live.kubernetesVersion) };
        const rest = sequence({ ...scene, shoot });
        expect(rest).not.to.equal(undefined);
        const after = afterSteps(shoot, rest ?? []);
        expect(pending(scene.target, after)).to.deep.equal([]);
        expect(after.annotations[ROLLOUT_ANNOTATION]).to.equal(undefined);
        expect((rest ?? []).length).to.be.at.most(steps.length - at + 1);
      }),
      RUNS,
    );
  });
});
