/** Reconciles one Shoot: decides whether there is work, and does one thing at a time. */
import { type ShootRef, shootId } from "../../provider/model/shoot";
import { type Client, isApiError, type JsonObject } from "../client";
import type { ShootClusterWriter } from "../shoot/cluster";
import { publishAccess } from "./access";
import { careStatus, hasTargetConditions } from "./conditions";
import { readFault } from "./faults";
import { attempt } from "./operation";
import { type GardenletShoot, readShoot } from "./shoot";
import { started } from "./status";

export interface ReconcilerOptions {
  readonly garden: Client;
  readonly cluster: (shoot: ShootRef) => Promise<ShootClusterWriter>;
  readonly publishAccess: boolean;
  readonly now: () => Date;
  /** Milliseconds at speed 1; over at once when the gardenlet stops. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly stopped: AbortSignal;
  readonly log: (line: string) => void;
}

export type Reconciler = ReturnType<typeof startReconciler>;

const RETRY_MS = 600;
const CARE_MS = 400;

/** The gardenlet stops in the middle of an operation; the next one starts it again. */
class Stopped extends Error {}

export function startReconciler(ref: ShootRef, options: ReconcilerOptions) {
  const { garden, now, log } = options;
  const path = `/apis/core.gardener.cloud/v1beta1/namespaces/${ref.namespace}/shoots/${ref.name}`;
  let running: Promise<void> | undefined;
  let changedMeanwhile = false;
  let failures = { generation: 0, count: 0 };
  let stalled = false;
  let onFaultRemoved: (() => void) | undefined;
  let published = false;

  async function pace(ms: number): Promise<void> {
    await options.sleep(ms);
    if (options.stopped.aborted) throw new Stopped();
  }

  async function writeStatus(status: JsonObject): Promise<void> {
    if (options.stopped.aborted) throw new Stopped();
    await garden.patch(`${path}/status`, "merge", { status });
  }

  /** Undefined: nothing more to do. */
  async function next(): Promise<(() => Promise<void>) | undefined> {
    // Events may lag behind our own writes, so every decision is made on the server's current object.
    const shoot = readShoot(await garden.get(path));
    if (needsOperation(shoot)) return () => operate(shoot);
    if (needsCare(shoot)) return () => care(shoot);
    return undefined;
  }

  async function operate(shoot: GardenletShoot): Promise<void> {
    const cluster = await options.cluster(ref);
    if (options.publishAccess && !published && cluster.access !== undefined) {
      await publishAccess(garden, ref, cluster.access);
      published = true;
    }
    if (failures.generation !== shoot.generation) failures = { generation: shoot.generation, count: 0 };
    log(`gardenlet: ${shootId(ref)}: generation ${String(shoot.generation)} begins`);
    await writeStatus(started(shoot, now()));
    const outcome = await attempt({
      shoot,
      cluster,
      fault: readFault(shoot.annotations),
      failures: failures.count,
      now,
      pace,
      write: writeStatus,
      faultRemoved,
    });
    log(`gardenlet: ${shootId(ref)}: generation ${String(shoot.generation)}: ${outcome}`);
    failures.count = outcome === "succeeded" ? 0 : failures.count + 1;
    if (outcome === "retry") await pace(RETRY_MS);
  }

  async function care(shoot: GardenletShoot): Promise<void> {
    await pace(CARE_MS);
    await writeStatus(careStatus(shoot, readFault(shoot.annotations), now()));
  }

  function faultRemoved(): Promise<void> {
    // It may have been removed since the attempt began.
    if (!stalled) return Promise.resolve();
    return new Promise((resolve, reject) => {
      onFaultRemoved = resolve;
      const stop = () => {
        reject(new Stopped());
      };
      options.stopped.addEventListener("abort", stop, { once: true });
    });
  }

  async function work(): Promise<void> {
    do {
      changedMeanwhile = false;
      try {
        for (let task = await next(); task !== undefined; task = await next()) await task();
      } catch (error) {
        if (options.stopped.aborted || isApiError(error, 404)) return;
        log(`gardenlet: ${shootId(ref)}: ${String(error)}`);
        await options.sleep(RETRY_MS);
        changedMeanwhile = !options.stopped.aborted;
      }
    } while (changedMeanwhile);
  }

  return {
    observe(shoot: GardenletShoot): void {
      stalled = readFault(shoot.annotations)?.kind === "stall";
      if (!stalled) onFaultRemoved?.();
      if (options.stopped.aborted || !(needsOperation(shoot) || needsCare(shoot))) return;
      if (running !== undefined) {
        changedMeanwhile = true;
        return;
      }
      running = work().finally(() => {
        running = undefined;
      });
    },
    /** Resolves when no operation is running. */
    idle: () => running ?? Promise.resolve(),
  };
}

function needsOperation(shoot: GardenletShoot): boolean {
  if (shoot.beingDeleted) return false;
  if (shoot.generation !== shoot.observedGeneration || shoot.lastOperation === undefined) return true;
  // After Failed only a new generation is reconciled. All other states come from a gardenlet that has stopped.
  return !["Succeeded", "Failed"].includes(shoot.lastOperation.state);
}

function needsCare(shoot: GardenletShoot): boolean {
  return (
    !shoot.beingDeleted &&
    shoot.lastOperation?.state === "Succeeded" &&
    !hasTargetConditions(shoot, readFault(shoot.annotations))
  );
}
