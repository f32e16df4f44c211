/** The sandbox's gardenlet: watches Shoots and reconciles them. */
import { setMaxListeners } from "node:events";
import { systemClock } from "../../provider/model/clock";
import { type ShootRef, shootId } from "../../provider/model/shoot";
import type { Client } from "../client";
import type { JsonMap } from "../json";
import type { ShootClusterWriter } from "../shoot/cluster";
import { watchShoots } from "../watch";
import { type Reconciler, startReconciler } from "./reconciler";
import { readShoot } from "./shoot";

export interface GardenletOptions {
  readonly garden: Client;
  readonly cluster: (shoot: ShootRef) => Promise<ShootClusterWriter>;
  /** 1: a roll of three nodes takes about five seconds; 100: a hundred times as fast. */
  readonly speed: number;
  /** Publishes each Shoot's authorities in the garden, for an API server that issues kubeconfigs from there. */
  readonly publishAccess?: boolean;
  readonly now?: () => Date;
  readonly log?: (line: string) => void;
}

export type Gardenlet = ReturnType<typeof startGardenlet>;

export function startGardenlet(options: GardenletOptions) {
  const { garden, cluster, publishAccess = false, now = systemClock.now, log = () => undefined } = options;
  const stopped = new AbortController();
  // One listener for each operation that is performed.
  setMaxListeners(0, stopped.signal);
  const reconcilers = new Map<string, Reconciler>();
  let { speed } = options;

  function reconcilerOf(ref: ShootRef): Reconciler {
    const sleep = (ms: number) => systemClock.sleep(ms / speed, stopped.signal);
    const own = { garden, cluster, publishAccess, now, sleep, stopped: stopped.signal, log };
    const reconciler = reconcilers.get(shootId(ref)) ?? startReconciler(ref, own);
    reconcilers.set(shootId(ref), reconciler);
    return reconciler;
  }

  function observe(value: JsonMap): void {
    const shoot = readShoot(value);
    reconcilerOf(shoot.ref).observe(shoot);
  }

  const watching = watchShoots(garden, stopped.signal, observe, (shoot) => {
    reconcilers.delete(shootId(readShoot(shoot).ref));
  }).catch((error: unknown) => {
    log(`gardenlet: the watch on Shoots has ended: ${String(error)}`);
  });

  return {
    /** A garden is set up quickly and shown slowly. */
    setSpeed(value: number): void {
      speed = value;
    },
    async stop(): Promise<void> {
      stopped.abort();
      await watching;
      await Promise.all([...reconcilers.values()].map((reconciler) => reconciler.idle()));
    },
  };
}
