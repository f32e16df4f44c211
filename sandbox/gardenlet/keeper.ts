/** Looks after one Shoot: decides whether there is work, does one thing at a time, sleeps otherwise. */
import { type ShootRef, shootId } from "../../provider/model/shoot";
import { type Client, isApiError, type JsonObject } from "../client";
import type { ShootClusterWriter } from "../shoot/cluster";
import { publishAccess } from "./access";
import { conditionsSettled, settledConditions } from "./conditions";
import { readFault } from "./faults";
import { attempt } from "./operation";
import { type GardenletShoot, operationsLeft, readShoot, rolloutsAskedFor } from "./shoot";
import { started } from "./status";

export interface KeeperOptions {
  readonly garden: Client;
  readonly cluster: (shoot: ShootRef) => Promise<ShootClusterWriter>;
  readonly publishAccess: boolean;
  readonly now: () => Date;
  /** Milliseconds at speed 1; over at once when the gardenlet stops. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly stopped: AbortSignal;
  readonly log: (line: string) => void;
}

export interface Keeper {
  see(shoot: GardenletShoot): void;
  /** Resolves when nothing is at work. */
  idle(): Promise<void>;
}

const RETRY_MS = 600;
const CARE_MS = 400;

/** The gardenlet ends in the middle of something; the next one takes it up again. */
class Stopped extends Error {}

export function startKeeper(ref: ShootRef, options: KeeperOptions): Keeper {
  const { garden, now, log } = options;
  const path = `/apis/core.gardener.cloud/v1beta1/namespaces/${ref.namespace}/shoots/${ref.name}`;
  let atWork: Promise<void> | undefined;
  let seenMeanwhile = false;
  let failures = { generation: 0, count: 0 };
  let lifted: (() => void) | undefined;
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
    // Events may lag behind our own writes; what is decided is decided on the server's word.
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
    const annotations = operationsLeft(shoot);
    if (annotations !== undefined) await garden.patch(path, "merge", { metadata: { annotations } });
    const outcome = await attempt({
      shoot,
      cluster,
      fault: readFault(shoot.annotations),
      failures: failures.count,
      now,
      pace,
      write: writeStatus,
      faultLifted,
    });
    log(`gardenlet: ${shootId(ref)}: generation ${String(shoot.generation)}: ${outcome}`);
    if (outcome === "succeeded") {
      failures.count = 0;
    } else {
      failures.count += 1;
    }
    if (outcome === "retry") await pace(RETRY_MS);
  }

  async function care(shoot: GardenletShoot): Promise<void> {
    await pace(CARE_MS);
    await writeStatus(settledConditions(shoot, readFault(shoot.annotations), now()));
  }

  function faultLifted(): Promise<void> {
    return new Promise((resolve, reject) => {
      lifted = resolve;
      options.stopped.addEventListener(
        "abort",
        () => {
          reject(new Stopped());
        },
        { once: true },
      );
    });
  }

  async function work(): Promise<void> {
    do {
      seenMeanwhile = false;
      try {
        for (let task = await next(); task !== undefined; task = await next()) await task();
      } catch (error) {
        if (options.stopped.aborted || isApiError(error, 404)) return;
        log(`gardenlet: ${shootId(ref)}: ${String(error)}`);
        await options.sleep(RETRY_MS);
        seenMeanwhile = !options.stopped.aborted;
      }
    } while (seenMeanwhile);
  }

  return {
    see(shoot) {
      if (readFault(shoot.annotations)?.kind !== "stall") lifted?.();
      if (options.stopped.aborted || !(needsOperation(shoot) || needsCare(shoot))) return;
      if (atWork !== undefined) {
        seenMeanwhile = true;
        return;
      }
      atWork = work().finally(() => {
        atWork = undefined;
      });
    },
    idle: () => atWork ?? Promise.resolve(),
  };
}

function needsOperation(shoot: GardenletShoot): boolean {
  if (shoot.beingDeleted) return false;
  if (shoot.generation !== shoot.observedGeneration || shoot.lastOperation === undefined) return true;
  const { state } = shoot.lastOperation;
  if (state === "Succeeded") return rolloutsAskedFor(shoot).length > 0;
  // Failed waits for a new generation. Everything else was left behind by a gardenlet that has ended.
  return state !== "Failed";
}

function needsCare(shoot: GardenletShoot): boolean {
  return (
    !shoot.beingDeleted &&
    shoot.lastOperation?.state === "Succeeded" &&
    !conditionsSettled(shoot, readFault(shoot.annotations))
  );
}
