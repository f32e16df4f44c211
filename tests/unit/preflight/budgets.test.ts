import { expect } from "chai";
import fc from "fast-check";
import { isMisconfigured, neverAllows } from "../../../provider/preflight/checks/podDisruptionBudget";
import { decodeBudget } from "../../../provider/preflight/objects/budget";
import { aBudget, aNode, aPod, cart, checked, rulesOf, type BudgetParts } from "./scene";

const withBudget = (...budgets: BudgetParts[]) => ({ objects: { ...cart, budgets: budgets.map(aBudget) } });
const none = { disruptionsAllowed: 0, desiredHealthy: 2 };

describe("the check of PodDisruptionBudgets", () => {
  it("passes where each budget allows a disruption", async () => {
    expect(await checked("podDisruptionBudget", withBudget({}))).to.deep.include({
      outcome: "passed",
      findings: [],
    });
  });

  for (const [spec, title] of [
    [{ maxUnavailable: 0 }, "maxUnavailable 0"],
    [{ maxUnavailable: "0%" }, "maxUnavailable 0 %"],
    [{ maxUnavailable: undefined, minAvailable: 2 }, "minAvailable equal to the replicas"],
    [{ maxUnavailable: undefined, minAvailable: "100%" }, "minAvailable 100 %"],
    [{ maxUnavailable: undefined, minAvailable: "60%" }, "a share that is rounded up to all replicas"],
  ] as const) {
    it(`blocks a roll at ${title}`, async () => {
      const { findings } = await checked("podDisruptionBudget", withBudget({ spec, status: none }));
      expect(rulesOf(findings)).to.deep.equal(["block neverAllowed shop/cart"]);
      expect(findings[0]?.related.map(({ name }) => name)).to.deep.equal(["shop/cart-1", "shop/cart-2"]);
    });
  }

  it("names the budget also while a pod is not ready", async () => {
    const status = { ...none, currentHealthy: 1 };
    const { findings } = await checked(
      "podDisruptionBudget",
      withBudget({ spec: { maxUnavailable: 0 }, status }),
    );
    expect(rulesOf(findings)).to.deep.equal(["block neverAllowed shop/cart"]);
  });

  it("warns of a budget that allows nothing now, with the pods that are not ready", async () => {
    const { findings } = await checked("podDisruptionBudget", {
      objects: {
        ...cart,
        pods: [aPod("cart-1"), aPod("cart-2", { node: "node-2", ready: false })],
        budgets: [aBudget({ status: { currentHealthy: 1, disruptionsAllowed: 0 } })],
      },
    });
    expect(rulesOf(findings)).to.deep.equal(["warn noneAllowedNow shop/cart"]);
    expect(findings[0]?.found).to.contain("not ready: shop/cart-2");
  });

  it("warns of a budget whose last change its controller has not observed", async () => {
    const { findings } = await checked("podDisruptionBudget", withBudget({ generation: 2, status: none }));
    expect(rulesOf(findings)).to.deep.equal(["warn notObserved shop/cart"]);
  });

  it("blocks at two budgets over one pod, which the API server never evicts", async () => {
    const { findings } = await checked(
      "podDisruptionBudget",
      withBudget({}, { name: "all", spec: { selector: {} } }),
    );
    expect(rulesOf(findings)).to.deep.equal(["block severalBudgets shop/all"]);
    expect(findings[0]?.related.map(({ name }) => name)).to.include.members(["shop/cart", "shop/cart-1"]);
  });

  it("leaves budgets alone whose pods run in pools that are not drained", async () => {
    const objects = {
      nodes: [aNode("node-1", { pool: "pool-b" })],
      pods: [aPod("cart-1")],
      budgets: [aBudget({ spec: { maxUnavailable: 0 }, status: none })],
    };
    const { outcome } = await checked("podDisruptionBudget", {
      objects,
      work: { drained: new Set(["pool-a"]) },
    });
    expect(outcome).to.equal("passed");
  });

  it("does not count pods of DaemonSets, mirror pods and finished ones, which are not evicted", async () => {
    const pods = [
      aPod("one", { owner: { kind: "DaemonSet", name: "agent" } }),
      aPod("two", { annotations: { "kubernetes.io/config.mirror": "x" } }),
      aPod("three", { phase: "Succeeded" }),
    ];
    const budgets = [aBudget({ spec: { maxUnavailable: 0 }, status: none })];
    expect((await checked("podDisruptionBudget", { objects: { ...cart, pods, budgets } })).outcome).to.equal(
      "passed",
    );
  });

  it("selects nothing by a budget without a selector, and nothing of another namespace", async () => {
    const never = aBudget({ spec: { maxUnavailable: 0, selector: undefined }, status: none });
    const other = aBudget({ spec: { maxUnavailable: 0, selector: {} }, status: none });
    const budgets = [never, { ...other, metadata: { ...other.metadata, namespace: "bank" } }];
    expect((await checked("podDisruptionBudget", { objects: { ...cart, budgets } })).outcome).to.equal(
      "passed",
    );
  });

  it("says nothing about a patch that drains no node", async () => {
    const work = { kind: "patch", drained: new Set<string>() } as const;
    const given = withBudget({ spec: { maxUnavailable: 0 }, status: none });
    expect((await checked("podDisruptionBudget", { ...given, work })).outcome).to.equal("passed");
  });

  for (const list of ["budgets", "pods", "nodes"] as const) {
    it(`is not visible without the right to list ${list}`, async () => {
      const { outcome, notVisible } = await checked("podDisruptionBudget", { objects: cart, hidden: [list] });
      expect(outcome).to.equal("notVisible");
      expect(notVisible[0]).to.contain("the right to list");
    });
  }
});

describe("the predicate for a misconfigured budget", () => {
  const status = fc.record({
    observedGeneration: fc.integer({ min: 1, max: 2 }),
    expectedPods: fc.integer({ min: 0, max: 4 }),
    currentHealthy: fc.integer({ min: 0, max: 5 }),
    desiredHealthy: fc.integer({ min: 0, max: 4 }),
    disruptionsAllowed: fc.integer({ min: 0, max: 2 }),
    disruptedPods: fc.constantFrom({}, { "cart-1": "2026-11-23T12:00:00Z" }),
  });

  /** The conditions one by one, as documented for machine-controller-manager. */
  it("is the one of machine-controller-manager", () => {
    fc.assert(
      fc.property(status, (found) => {
        const reasonsNot = [
          found.observedGeneration !== 1 && "not observed",
          found.expectedPods === 0 && "no pods",
          found.currentHealthy < found.expectedPods && "a pod is not healthy",
          Object.keys(found.disruptedPods).length > 0 && "an eviction is in progress",
          found.disruptionsAllowed !== 0 && "allows a disruption",
        ].filter((reason) => reason !== false);
        const budget = decodeBudget(aBudget({ status: found }));
        expect(isMisconfigured(budget)).to.equal(reasonsNot.length === 0);
      }),
    );
  });

  /** As the disruption controller computes desiredHealthy: maxUnavailable and minAvailable as numbers or shares, rounded up. */
  it("holds by the spec where the controller would allow nothing with all pods healthy", () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 100 }).map((share) => `${share}%`),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), value, fc.boolean(), (pods, limit, max) => {
        const scaled =
          typeof limit === "number" ? limit : Math.ceil((Number(limit.slice(0, -1)) * pods) / 100);
        const desiredHealthy = max ? Math.max(0, pods - scaled) : scaled;
        const allowed = Math.max(0, pods - desiredHealthy);
        const spec = max ? { maxUnavailable: limit } : { maxUnavailable: undefined, minAvailable: limit };
        const budget = decodeBudget(aBudget({ spec, status: { expectedPods: pods } }));
        expect(neverAllows(budget, pods)).to.equal(allowed === 0);
      }),
    );
  });
});
