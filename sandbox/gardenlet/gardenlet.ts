/** The sandbox's gardenlet: watches Shoots and reconciles them. */
import { systemClock } from "../../provider/model/clock";
import { type ShootRef, shootId } from "../../provider/model/shoot";
import type { Client } from "../client";
import type { ShootClusterWriter } from "../shoot/cluster";
import type { JsonMap } from "../json";
import { startReconciler, type Reconciler } from "./reconciler";
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

export interface Gardenlet {
  /** A garden is set up quickly and shown slowly. */
  setSpeed(speed: number): void;
  stop(): Promise<void>;
}

const ALL_SHOOTS = "/apis/core.gardener.cloud/v1beta1/shoots";

export function startGardenlet(options: GardenletOptions): Gardenlet {
  const stopped = new AbortController();
  const reconcilers = new Map<string, Reconciler>();
  const log = options.log ?? ((): void => undefined);
  const now = options.now ?? ((): Date => new Date());
  let speed = options.speed;

  function reconcilerOf(ref: ShootRef): Reconciler {
    const known = reconcilers.get(shootId(ref));
    if (known !== undefined) return known;
    const reconciler = startReconciler(ref, {
      garden: options.garden,
      cluster: options.cluster,
      publishAccess: options.publishAccess ?? false,
      now,
      sleep: (ms) => systemClock.sleep(ms / speed, stopped.signal),
      stopped: stopped.signal,
      log,
    });
    reconcilers.set(shootId(ref), reconciler);
    return reconciler;
  }

  function see(value: JsonMap): void {
    const shoot = readShoot(value);
    reconcilerOf(shoot.ref).see(shoot);
  }

  async function follow(): Promise<void> {
    for await (const event of options.garden.watch(ALL_SHOOTS, stopped.signal)) {
      if (event.kind === "listed") event.items.forEach(see);
      else if (event.kind === "deleted") reconcilers.delete(shootId(readShoot(event.object).ref));
      else see(event.object);
    }
  }

  const following = follow().catch((error: unknown) => {
    log(`gardenlet: the watch on Shoots has ended: ${String(error)}`);
  });

  return {
    setSpeed(value) {
      speed = value;
    },
    async stop() {
      stopped.abort();
      await following;
      await Promise.all([...reconcilers.values()].map((reconciler) => reconciler.idle()));
    },
  };
}
