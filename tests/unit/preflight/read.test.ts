import { expect } from "chai";
import { lists, readObjects } from "../../../provider/preflight/read";
import type { Work } from "../../../provider/preflight/work";
import { aNode, clusterOf } from "./scene";

const patch: Work = { kind: "patch", drained: new Set(), minors: [], kubernetesVersion: "1.33.7" };
const roll: Work = { ...patch, kind: "nodeRoll", drained: new Set(["pool-a"]) };

/** What is listed for that work. */
async function listedFor(work: Work): Promise<ReadonlySet<string>> {
  const cluster = clusterOf({ objects: { nodes: [aNode("node-1")] } });
  const paths = new Set<string>();
  const observed: typeof cluster = {
    ...cluster,
    list: (request, signal) => {
      paths.add(request.path);
      return cluster.list(request, signal);
    },
  };
  await readObjects(observed, work, { metrics: false, signal: AbortSignal.timeout(10_000) });
  return paths;
}

describe("what the preflight checks read", () => {
  it("is every list for a step that drains nodes", async () => {
    expect(await listedFor(roll)).to.include.all.keys(Object.values(lists).map(({ path }) => path));
  });

  it("is no pod, budget, StatefulSet or volume for a step that drains no node", async () => {
    const { pods, budgets, statefulSets, volumes, ...others } = lists;
    const paths = await listedFor(patch);
    expect(paths).to.include.all.keys(Object.values(others).map(({ path }) => path));
    expect(paths).not.to.have.any.keys([pods, budgets, statefulSets, volumes].map(({ path }) => path));
  });
});
