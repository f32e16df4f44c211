/** What a Shoot that is read after a lost response has to show for the change to count as written. */
import { expect } from "chai";
import type { Garden } from "../../../provider/garden/garden";
import type { Change } from "../../../provider/model/plan";
import { UserError } from "../../../provider/model/problem";
import type { Shoot, WorkerPool } from "../../../provider/model/shoot";
import { apply, type Applied } from "../../../provider/rollout/apply";
import { aPool, everyCapability } from "../builders";
import { fakeClock } from "./clock";
import { aCluster, REF, targetOf } from "./scene";

async function applied(change: Partial<Change>, read: Partial<Shoot>): Promise<Applied> {
  const unexpected = (): never => {
    throw new Error("a write does not call this");
  };
  const garden: Garden = {
    description: "the garden",
    capabilities: everyCapability,
    locate: unexpected,
    findShoots: unexpected,
    getCloudProfile: unexpected,
    dryRun: unexpected,
    watchShoot: unexpected,
    openCluster: unexpected,
    clusterAccess: unexpected,
    requestKubeconfig: unexpected,
    getShoot: () => Promise.resolve(aCluster(read)),
    apply: () => Promise.reject(new UserError("GU005", "No response.", { writeOutcome: "unknown" })),
  };
  const clock = fakeClock();
  return apply(
    {
      ref: REF,
      uid: "uid-1",
      target: targetOf(undefined),
      checked: [],
      label: "web",
      options: { wait: true, progressDeadlineMs: 9_000_000, prepare: "minor" },
    },
    { garden, clock, status: () => undefined, info: () => undefined, warn: () => undefined },
    { since: clock.now(), show: () => undefined },
    { shoot: REF, uid: "uid-1", resourceVersion: "100", workers: [], ...change },
  );
}

const image = (version: string, name = "gardenlinux") => ({ machineImage: { name, version } });

describe("a change whose response is lost is written", () => {
  const written: Readonly<Record<string, [Partial<Change>, readonly Partial<WorkerPool>[], string?]>> = {
    "when the control plane has its version": [{ kubernetesVersion: "1.33.9" }, [{}], "1.33.9"],
    "when the pool has its image": [
      { workers: [{ name: "pool-a", ...image("1877.3.0") }] },
      [image("1877.3.0")],
    ],
    "when the pool has its own Kubernetes version": [
      { workers: [{ name: "pool-a", kubernetesVersion: "1.33.9" }] },
      [{ kubernetesVersion: "1.33.9" }],
    ],
    "when a pool with its own Kubernetes version has its image": [
      { workers: [{ name: "pool-a", ...image("1877.3.0") }] },
      [{ kubernetesVersion: "1.33.4", ...image("1877.3.0") }],
    ],
    "when the pool that it names has it, whatever the others have": [
      { workers: [{ name: "gpu", ...image("1877.3.0") }] },
      [{}, { name: "gpu", ...image("1877.3.0") }],
    ],
  };
  for (const [title, [change, pools, kubernetesVersion = "1.33.4"]] of Object.entries(written)) {
    it(title, async () => {
      const result = await applied(change, { kubernetesVersion, workers: pools.map((pool) => aPool(pool)) });
      expect(result).to.deep.include({ kind: "accepted", warnings: [] });
    });
  }

  const both = { kubernetesVersion: "1.33.9", workers: [{ name: "pool-a", ...image("1877.3.0") }] };
  const pinned = { name: "pool-a", kubernetesVersion: "1.33.9", ...image("1877.3.0") };
  const notWritten: Readonly<Record<string, [Partial<Change>, readonly Partial<WorkerPool>[], string?]>> = {
    "when the control plane has another version": [both, [image("1877.3.0")], "1.33.4"],
    "when the pool has another image version": [both, [image("1592.10.0")], "1.33.9"],
    "when the pool has another image": [both, [image("1877.3.0", "suse-chost")], "1.33.9"],
    "when the pool does not exist": [both, [{ name: "gpu", ...image("1877.3.0") }], "1.33.9"],
    "when another pool has the image": [both, [{ name: "gpu", ...image("1877.3.0") }, {}], "1.33.9"],
    "when the pool has the image and not its own Kubernetes version": [
      { workers: [pinned] },
      [{ kubernetesVersion: "1.33.4", ...image("1877.3.0") }],
    ],
    "when the pool has its own Kubernetes version and not the image": [
      { workers: [pinned] },
      [{ kubernetesVersion: "1.33.9" }],
    ],
    "when only one of several pools has it": [
      { workers: ["pool-a", "gpu"].map((name) => ({ name, ...image("1877.3.0") })) },
      [image("1877.3.0"), { name: "gpu" }],
    ],
  };
  for (const [title, [change, pools, kubernetesVersion = "1.33.4"]] of Object.entries(notWritten)) {
    it(`not ${title}`, async () => {
      const result = await applied(change, { kubernetesVersion, workers: pools.map((pool) => aPool(pool)) });
      expect(result.kind).to.equal("notWritten");
    });
  }
});
