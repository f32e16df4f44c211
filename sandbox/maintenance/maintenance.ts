/** The sandbox's maintenance: what Gardener's controller manager does to a Shoot in its window. */
import type { Clock } from "../../provider/model/clock";
import type { Client } from "../client";

export interface MaintenanceOptions {
  readonly garden: Client;
  readonly clock?: Clock;
  /** Where in the window a Shoot is maintained, from 0 to 1. */
  readonly random?: () => number;
  readonly log?: (line: string) => void;
}

export interface MaintenanceController {
  stop(): Promise<void>;
}

export function startMaintenance(options: MaintenanceOptions): MaintenanceController {
  throw new Error(`not there yet: ${options.garden.url}`);
}
