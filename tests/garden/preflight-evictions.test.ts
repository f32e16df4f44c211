import { expect } from "chai";
import fc from "fast-check";
import {
  core,
  createBudget,
  createReplicas,
  policy,
  usePreflightScene,
  tryEviction,
  type PreflightScene,
} from "./preflight-scene";
import { describeReal } from "./suite";

const CASES = 24;
const SEED = Number(process.env["EVICTIONS_SEED"] ?? 1);

interface Case {
  readonly ready: readonly boolean[];
  readonly budgets: readonly object[];
}

const limit = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.integer({ min: 0, max: 100 }).map((share) => `${share}%`),
);
const budget = fc.oneof(
  limit.map((minAvailable) => ({ minAvailable })),
  limit.map((maxUnavailable) => ({ maxUnavailable })),
);
const aCase: fc.Arbitrary<Case> = fc.record({
  ready: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  budgets: fc.oneof(
    { weight: 5, arbitrary: budget.map((one) => [one]) },
    { weight: 1, arbitrary: fc.tuple(budget, budget) },
  ),
});

describeReal("The check of budgets and the evictions of a real API server", () => {
  let scene: PreflightScene;

  usePreflightScene((set) => void (scene = set));

  async function replace({ ready, budgets }: Case, name: string): Promise<readonly string[]> {
    const pods = await createReplicas(scene.shoot, name, scene.nodes, ready);
    for (const [index, spec] of budgets.entries()) {
      await createBudget(scene.shoot, `${name}-${String(index)}`, spec, ready.length, name);
    }
    return pods;
  }

  async function remove({ budgets }: Case, name: string, pods: readonly string[]): Promise<void> {
    const paths = [
      ...budgets.map((_, index) => `${policy}/${name}-${String(index)}`),
      ...pods.map((pod) => `${core}/pods/${pod}?gracePeriodSeconds=0`),
    ];
    await Promise.all(paths.map((path) => scene.shoot.delete(path)));
  }

  it("agree which pods can be evicted, by the status that the real disruption controller writes", async function () {
    this.timeout(300_000);
    for (const [index, one] of fc.sample(aCase, { numRuns: CASES, seed: SEED }).entries()) {
      const name = `case-${String(index)}`;
      const pods = await replace(one, name);
      const { findings } = await scene.examine();
      const held = new Set(
        findings
          .filter(({ check, rule }) => check === "podDisruptionBudget" && rule !== "notObserved")
          .flatMap(({ related }) => related.map((object) => object.name)),
      );
      for (const [position, pod] of pods.entries()) {
        // The API server evicts a pod that is not ready where enough others are: that a budget holds it is no harm.
        if (one.ready[position] !== true) continue;
        const expected = held.has(`shop/${pod}`) ? "refused" : "evicted";
        expect(await tryEviction(scene.shoot, pod), `${JSON.stringify(one)} ${pod}`).to.equal(expected);
      }
      await remove(one, name, pods);
    }
  });
});
