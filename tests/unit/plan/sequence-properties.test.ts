import { expect } from "chai";
import * as fc from "fast-check";
import { entryOf } from "../../../provider/model/json";
import { effectiveKubernetesVersion, ROLLOUT_ANNOTATION, type Shoot } from "../../../provider/model/shoot";
import { afterSteps, pending, stepsTo, within } from "../../../provider/plan";
import { heldBackPools } from "../../../provider/plan/heldBack";
import { isNewer, minorsBetween, sameMinor } from "../../../provider/plan/versions";
import { fewestReplacements } from "./fewest";
import { holds, isOurs, RUNS, states } from "./sequence-claims";
import { scenes, sequence, type SequenceScene } from "./sequence-scenes";

/** Kubelets that run while the control plane already has the version of the step: those of before. */
function kubeletsDuring(before: Shoot): readonly string[] {
  return before.workers.map((pool) => effectiveKubernetesVersion(before, pool));
}

function breaksOrder({ target, shoot, route, capabilities }: SequenceScene): boolean {
  const result = stepsTo(target, shoot, route, capabilities);
  return result.kind === "steps" && result.disorders.length > 0;
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
