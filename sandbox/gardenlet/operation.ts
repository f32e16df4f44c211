/** One attempt, once it has been announced, to bring a Shoot to what its specification asked for at its begin. */
import type { ClusterNode, ShootClusterWriter } from "../shoot/cluster";
import type { JsonObject } from "../client";
import { type Fault, interfere } from "./faults";
import { countMachines, inPlacePools, reconcilePools } from "./pools";
import { type GardenletShoot, rolloutsAskedFor } from "./shoot";
import { failed, pendingInPlace, poolsProgressed, progressed, succeeded, waitingText } from "./status";
import { POOL_LABEL } from "./step";

export interface Attempt {
  readonly shoot: GardenletShoot;
  readonly cluster: ShootClusterWriter;
  readonly fault: Fault | undefined;
  /** Attempts at this generation that have failed already. */
  readonly failures: number;
  readonly now: () => Date;
  readonly pace: (ms: number) => Promise<void>;
  /** Patches the Shoot's status. */
  readonly write: (status: JsonObject) => Promise<void>;
  /** Resolves when the annotation that asks for a stall is gone. */
  readonly faultLifted: () => Promise<void>;
}

export type Outcome = "succeeded" | "retry" | "failed";

/** Milliseconds at speed 1. */
const CONTROL_PLANE_STEPS = [
  { progress: 12, ms: 300, description: "Deploying Kubernetes API server" },
  { progress: 24, ms: 300, description: "Waiting until Kubernetes API server rolled out" },
  {
    progress: 36,
    ms: 200,
    description: "Deploying Kubernetes scheduler, Deploying Kubernetes controller manager",
  },
] as const;
const LAST_STEP = {
  progress: 95,
  ms: 250,
  description: "Waiting until the Kubernetes API server can connect to the Shoot workers",
} as const;
const STALE_NODE_MS = 3000;

class AttemptFailed extends Error {
  readonly failure: { readonly cause: string; readonly codes: readonly string[]; readonly final: boolean };

  constructor(failure: AttemptFailed["failure"]) {
    super(failure.cause);
    this.failure = failure;
  }
}

export async function attempt(run: Attempt): Promise<Outcome> {
  const { shoot, cluster, now, write, pace } = run;
  try {
    await reconcileControlPlane(run);
    const staleNodes = await reconcileWorkers(run);
    await write(progressed(LAST_STEP.progress, LAST_STEP.description, now()));
    await pace(LAST_STEP.ms);
    if (shoot.hibernationEnabled) await cluster.setHibernated(true);
    await write(succeeded(shoot, now()));
    if (staleNodes) {
      await pace(STALE_NODE_MS);
      await reconcilePools({ ...poolWork(run), rollAll: [], moved: () => Promise.resolve() });
    }
    return "succeeded";
  } catch (error) {
    if (!(error instanceof AttemptFailed)) throw error;
    await write(failed(shoot, error.failure, now()));
    return error.failure.final ? "failed" : "retry";
  }
}

async function reconcileControlPlane({ shoot, cluster, now, write, pace }: Attempt): Promise<void> {
  await cluster.setHibernated(false);
  for (const { progress, ms, description } of CONTROL_PLANE_STEPS) {
    await write(progressed(progress, description, now()));
    await pace(ms);
  }
  await cluster.setVersion(shoot.kubernetesVersion);
  if (cluster.access !== undefined) {
    await write({ advertisedAddresses: [{ name: "external", url: cluster.access.server }] });
  }
}

/** True: a node was left behind that has to go later. */
async function reconcileWorkers(run: Attempt): Promise<boolean> {
  const { shoot, cluster, now, write, fault } = run;
  const work = poolWork(run);
  const before = await cluster.listNodes();
  let interference: Promise<void> | undefined;
  let stale: string | undefined;
  const report = serial(async () => {
    await write(poolsProgressed(await countMachines(cluster, work.pools), now()));
  });
  const meddle = (): Promise<void> => (interference ??= suffer(run, before));
  await report();
  const inPlace = await inPlacePools(work.pools, cluster);
  if (inPlace.length > 0) await write(pendingInPlace(inPlace));
  await reconcilePools({
    ...work,
    rollAll: rolloutsAskedFor(shoot),
    moved: async (step) => {
      await report();
      // A node that is only being made is not yet the middle of a roll.
      if (step !== "create" && step !== "join") await meddle();
    },
    drainable:
      fault?.kind !== "staleSuccess"
        ? undefined
        : (nodes) => {
            stale ??= nodes[0];
            return nodes.filter((name) => name !== stale);
          },
  });
  await meddle();
  if (inPlace.length > 0) await write(pendingInPlace([]));
  return stale !== undefined;
}

async function suffer(run: Attempt, before: readonly ClusterNode[]): Promise<void> {
  const { shoot, cluster, fault, failures, faultLifted } = run;
  const pools = poolWork(run).pools;
  const counts = await countMachines(cluster, pools);
  const machine =
    before.find((node) => node.labels[POOL_LABEL] === pools[0]?.name)?.name ?? shoot.technicalID;
  const happening = interfere(fault, failures, machine, waitingText(counts, pools.length));
  if (happening.kind === "stall") await faultLifted();
  if (happening.kind === "failure") throw new AttemptFailed(happening);
}

function poolWork({ shoot, cluster, pace }: Attempt) {
  const pools = shoot.hibernationEnabled ? [] : shoot.pools;
  return { pools, technicalID: shoot.technicalID, cluster, pace };
}

/** One after the other, so that an older count is never written over a newer one. */
function serial(action: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(action);
    return last;
  };
}
