/** The sandbox's gardenlet: watches Shoots and brings them to what their specification asks for. */
import type { ShootRef } from "../../provider/model/shoot";
import type { Client } from "../client";
import type { ShootClusterWriter } from "../shoot/cluster";

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
  /** For a garden that is set up quickly and shown slowly. */
  setSpeed(speed: number): void;
  stop(): Promise<void>;
}

export function startGardenlet(options: GardenletOptions): Gardenlet {
  throw new Error(`not there yet: ${options.garden.url}`);
}
