import { expect } from "chai";
import fc from "fast-check";
import type { Pool } from "../../gardenlet/shoot";
import { budget, isAvailable, isUpdated, KEY_LABEL, nextStep, poolKey } from "../../gardenlet/step";
import type { ClusterNode } from "../../shoot/cluster";

const POOL: Pool = {
  name: "pool-a",
  kubernetesVersion: "1.34.3",
  image: { name: "gardenlinux", version: "1877.3.0" },
  machineType: "medium",
  desired: 3,
  maxSurge: 1,
  maxUnavailable: 0,
  zones: [],
  labels: {},
};

function node(name: string, pool: Pool, changes: Partial<ClusterNode> = {}): ClusterNode {
  return {
    name,
    labels: { [KEY_LABEL]: poolKey(pool) },
    creationTimestamp: new Date(0),
    kubeletVersion: `v${pool.kubernetesVersion}`,
    osImage: "",
    ready: true,
    unschedulable: false,
    ...changes,
  };
}

const OLD: Pool = { ...POOL, kubernetesVersion: "1.33.4" };

/** Applies steps at once, and returns the nodes after each of them. */
function roll(pool: Pool, start: readonly ClusterNode[]): readonly (readonly ClusterNode[])[] {
  const seen: (readonly ClusterNode[])[] = [start];
  let nodes = start;
  for (let turn = 0; turn < 200; turn++) {
    const step = nextStep(pool, nodes);
    switch (step.kind) {
      case "done":
        return seen;
      case "create":
        nodes = [
          ...nodes,
          ...Array.from({ length: step.count }, (_, index) =>
            node(`new-${String(turn)}-${String(index)}`, pool, { ready: false }),
          ),
        ];
        break;
      case "join":
        nodes = nodes.map((one) => (step.nodes.includes(one.name) ? { ...one, ready: true } : one));
        break;
      case "drain":
        nodes = nodes.filter((one) => !step.nodes.includes(one.name));
        break;
      case "restartKubelet":
        nodes = nodes.map((one) => (step.node === one.name ? node(one.name, pool) : one));
    }
    seen.push(nodes);
  }
  throw new Error("does not come to an end");
}

describe("the steps of a pool's roll", () => {
  it("reads percentages of the desired nodes, surge rounded up and unavailability down", () => {
    expect(budget({ ...POOL, maxSurge: "25%", maxUnavailable: "50%" })).to.deep.equal({
      surge: 1,
      unavailable: 1,
    });
    expect(budget({ ...POOL, maxSurge: 0, maxUnavailable: "10%" })).to.deep.equal({
      surge: 0,
      unavailable: 1,
    });
  });

  it("requires other machines for another minor, image or machine type, not on another patch", () => {
    expect(poolKey({ ...POOL, kubernetesVersion: "1.34.9" })).to.equal(poolKey(POOL));
    expect(poolKey(OLD)).not.to.equal(poolKey(POOL));
    expect(poolKey({ ...POOL, machineType: "large" })).not.to.equal(poolKey(POOL));
    expect(poolKey({ ...POOL, image: { name: "gardenlinux", version: "1592.14.0" } })).not.to.equal(
      poolKey(POOL),
    );
  });

  it("always ends with the desired nodes on the target version, within surge and unavailability", () => {
    const amount = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom("0%", "10%", "34%", "100%"));
    const start = fc.array(
      fc.record({ old: fc.boolean(), patch: fc.boolean(), ready: fc.boolean(), unschedulable: fc.boolean() }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        amount,
        amount,
        start,
        (desired, maxSurge, maxUnavailable, made) => {
          const pool: Pool = { ...POOL, desired, maxSurge, maxUnavailable };
          const nodes = made.map(({ old, patch, ready, unschedulable }, index) =>
            node(`node-${String(index)}`, old ? { ...pool, kubernetesVersion: "1.33.4" } : pool, {
              ready,
              // Only what is on its way out is cordoned.
              unschedulable: old && unschedulable,
              ...(patch && !old ? { kubeletVersion: "v1.34.1" } : {}),
            }),
          );
          const { surge, unavailable } = budget(pool);
          const seen = roll(pool, nodes);
          const last = seen.at(-1) ?? [];
          expect(last).to.have.length(desired);
          expect(last.every((one) => isUpdated(pool, one))).to.equal(true);
          const available = (all: readonly ClusterNode[]): number => all.filter(isAvailable).length;
          const floor = Math.min(available(nodes), desired - unavailable);
          for (const moment of seen) {
            expect(moment.length).to.be.at.most(Math.max(nodes.length, desired + surge));
            expect(available(moment)).to.be.at.least(floor);
          }
        },
      ),
    );
  });
});
