/** The sandbox's maintenance: what Gardener's controller manager does to a Shoot on request. */
import { systemClock } from "../../provider/model/clock";
import { type Client, isApiError } from "../client";
import { at, type JsonMap } from "../json";
import { watchShoots } from "../watch";
import { isMaintenanceRequested } from "./annotations";
import { maintainShoot, shootPath } from "./controller";

export interface MaintenanceOptions {
  readonly garden: Client;
  readonly now?: () => Date;
  readonly log?: (line: string) => void;
}

export type MaintenanceController = ReturnType<typeof startMaintenance>;

const RETRY_MS = 200;

export function startMaintenance(options: MaintenanceOptions) {
  const { garden, now = systemClock.now, log = () => undefined } = options;
  const stopped = new AbortController();
  const requested = new Set<string>();
  const running = new Map<string, Promise<void>>();

  function observe(shoot: JsonMap): void {
    const path = shootPath(shoot);
    if (at(shoot, "metadata", "deletionTimestamp") !== undefined || !isMaintenanceRequested(shoot)) {
      requested.delete(path);
      return;
    }
    // Only when it appears: an annotation that remains has been handled.
    if (requested.has(path)) return;
    requested.add(path);
    // One at a time for each Shoot; a second request waits for the first.
    running.set(
      path,
      (running.get(path) ?? Promise.resolve()).then(() => run(path)),
    );
  }

  async function run(path: string): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        const shoot = await garden.get(path);
        if (!isMaintenanceRequested(shoot)) return;
        await maintainShoot(garden, shoot, now());
        log(`maintenance: ${path} is done`);
        return;
      } catch (error) {
        if (isApiError(error, 404)) return;
        // A conflict means that the choice was made on stale data.
        log(`maintenance: ${path}: ${String(error)}`);
        await systemClock.sleep(RETRY_MS, stopped.signal);
      }
    }
  }

  const watching = watchShoots(garden, stopped.signal, observe, (shoot) => {
    requested.delete(shootPath(shoot));
  }).catch((error: unknown) => {
    log(`maintenance: the watch on Shoots has ended: ${String(error)}`);
  });

  return {
    async stop(): Promise<void> {
      stopped.abort();
      await watching;
      await Promise.all(running.values());
    },
  };
}
