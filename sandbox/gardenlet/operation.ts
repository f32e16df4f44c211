/** One attempt, once it has been announced, to reconcile a Shoot to its specification at the beginning. */
import type { ClusterNode, ShootClusterWriter } from "../shoot/cluster";
import type { JsonObject } from "../client";
import { type Failure, type Fault, failureOf } from "./faults";
import { countMachines, reconcilePools } from "./pools";
import type { GardenletShoot } from "./shoot";
import { failed, poolsProgressed, progressed, succeeded, waitingText } from "./status";
import { POOL_LABEL } from "./step";

export interface Attempt {
  readonly shoot: GardenletShoot;
  readonly cluster: ShootClusterWriter;
  readonly fault: Fault | undefined;
  /** Of earlier attempts at this generation. */
  readonly failures: number;
  readonly now: () => Date;
  readonly pace: (ms: number) => Promise<void>;
  /** Patches the Shoot's status. */
  readonly write: (status: JsonObject) => Promise<void>;
  /** Resolves when the annotation that requests a stall is removed. */
  readonly faultRemoved: () => Promise<void>;
}

export type Outcome = "succeeded" | "retry" | "failed";

interface FlowStep {
  readonly progress: number;
  /** At speed 1. */
  readonly ms: number;
  readonly description: string;
}

const CONTROL_PLANE_STEPS: readonly FlowStep[] = [
  { progress: 12, ms: 300, description: "Deploying Kubernetes API server" },
  { progress: 24, ms: 300, description: "Waiting until Kubernetes API server rolled out" },
  {
    progress: 36,
    ms: 200,
    description: "Deploying Kubernetes scheduler, Deploying Kubernetes controller manager",
  },
];
const LAST_STEP: FlowStep = {
  progress: 95,
  ms: 250,
  description: "Waiting until the Kubernetes API server can connect to the Shoot workers",
};
const STALE_NODE_MS = 3000;

class AttemptFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.cause);
  }
}

export async function attempt(run: Attempt): Promise<Outcome> {
  const { shoot, cluster, now, write, pace } = run;
  try {
    await cluster.setHibernated(false);
    for (const step of CONTROL_PLANE_STEPS) await runFlowStep(run, step);
    await cluster.setVersion(shoot.kubernetesVersion);
    if (cluster.access !== undefined) {
      await write({ advertisedAddresses: [{ name: "external", url: cluster.access.server }] });
    }
    const staleNodes = await reconcileWorkers(run);
    await runFlowStep(run, LAST_STEP);
    if (shoot.hibernationEnabled) await cluster.setHibernated(true);
    await write(succeeded(shoot, now()));
    if (staleNodes) {
      await pace(STALE_NODE_MS);
      await reconcilePools({ ...poolWork(run), afterStep: () => Promise.resolve() });
    }
    return "succeeded";
  } catch (error) {
    if (!(error instanceof AttemptFailed)) throw error;
    await write(failed(shoot, error.failure, now()));
    return error.failure.final ? "failed" : "retry";
  }
}

async function runFlowStep(
  { write, pace, now }: Attempt,
  { progress, ms, description }: FlowStep,
): Promise<void> {
  await write(progressed(progress, description, now()));
  await pace(ms);
}

/** True: an old node was kept that has to be removed later. */
async function reconcileWorkers(run: Attempt): Promise<boolean> {
  const { cluster, now, write, fault } = run;
  const work = poolWork(run);
  const before = await cluster.listNodes();
  let injected: Promise<void> | undefined;
  let stale: string | undefined;
  let reported = Promise.resolve();
  // One after the other, so that an older count is never written over a newer one.
  const report = () =>
    (reported = reported.then(async () => {
      await write(poolsProgressed(await countMachines(cluster, work.pools), now()));
    }));
  const applyFault = (): Promise<void> => (injected ??= injectFault(run, before));

  await report();
  await reconcilePools({
    ...work,
    afterStep: async (step) => {
      await report();
      // Creating a node is not yet the middle of a rollout.
      if (step !== "create" && step !== "join") await applyFault();
    },
    drainable(nodes) {
      if (fault?.kind !== "staleSuccess") return nodes;
      stale ??= nodes[0];
      return nodes.filter((name) => name !== stale);
    },
  });
  await applyFault();
  return stale !== undefined;
}

async function injectFault(run: Attempt, before: readonly ClusterNode[]): Promise<void> {
  const { shoot, cluster, fault, failures } = run;
  if (fault?.kind === "stall") await run.faultRemoved();
  const { pools } = poolWork(run);
  const own = before.find((node) => node.labels[POOL_LABEL] === pools[0]?.name);
  const waiting = waitingText(await countMachines(cluster, pools), pools.length);
  const failure = failureOf(fault, failures, own?.name ?? shoot.technicalID, waiting);
  if (failure !== undefined) throw new AttemptFailed(failure);
}

function poolWork({ shoot, cluster, pace }: Attempt) {
  const pools = shoot.hibernationEnabled ? [] : shoot.pools;
  return { pools, technicalID: shoot.technicalID, cluster, pace };
}
