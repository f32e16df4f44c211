/** The sandbox's maintenance: what Gardener's controller manager does to a Shoot, on request and in its window. */
import { type Clock, systemClock } from "../../provider/model/clock";
import { type Client, isApiError } from "../client";
import { at, type JsonMap, textAt } from "../json";
import { isMaintenanceRequested } from "./annotations";
import { maintainShoot, shootPath } from "./controller";
import { effectiveWindow, isWithin, untilNext, type Window } from "./window";

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

interface Schedule {
  readonly begin: string;
  readonly end: string;
  readonly cancel: AbortController;
}

const ALL_SHOOTS = "/apis/core.gardener.cloud/v1beta1/shoots";
const RETRY_MS = 200;

export function startMaintenance(options: MaintenanceOptions): MaintenanceController {
  const { garden } = options;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const log = options.log ?? ((): void => undefined);
  const stopped = new AbortController();
  const schedules = new Map<string, Schedule>();
  const running = new Map<string, Promise<void>>();
  const requested = new Set<string>();
  const missed = new Map<string, (shoot: JsonMap) => boolean>();

  function see(shoot: JsonMap): void {
    // The watch may deliver one more event while it is stopped.
    if (stopped.signal.aborted) return;
    if (at(shoot, "metadata", "deletionTimestamp") !== undefined) return;
    schedule(shoot);
    const path = shootPath(shoot);
    const isRequested = isMaintenanceRequested(shoot);
    // Only when it appears: an annotation that remains has been handled.
    if (isRequested && !requested.has(path)) begin(path, isMaintenanceRequested);
    if (isRequested) requested.add(path);
    else requested.delete(path);
  }

  function schedule(shoot: JsonMap): void {
    const path = shootPath(shoot);
    const begin = textAt(shoot, "spec", "maintenance", "timeWindow", "begin");
    const end = textAt(shoot, "spec", "maintenance", "timeWindow", "end");
    const known = schedules.get(path);
    if (known?.begin === begin && known.end === end) return;
    known?.cancel.abort();
    const cancel = new AbortController();
    schedules.set(path, { begin, end, cancel });
    void waitForWindows(path, effectiveWindow(begin, end), cancel.signal);
  }

  async function waitForWindows(path: string, window: Window, cancelled: AbortSignal): Promise<void> {
    const isActive = (): boolean => !cancelled.aborted;
    while (isActive()) {
      const due = clock.now().getTime() + untilNext(window, clock.now(), random());
      while (isActive() && clock.now().getTime() < due) {
        await clock.sleep(due - clock.now().getTime(), cancelled);
      }
      if (isActive()) begin(path, () => isWithin(window, clock.now()));
    }
  }

  /** One at a time for each Shoot; a second request waits for the first. */
  function begin(path: string, due: (shoot: JsonMap) => boolean): void {
    if (stopped.signal.aborted) return;
    if (running.has(path)) {
      missed.set(path, due);
      return;
    }
    const ended = run(path, due).finally(() => {
      running.delete(path);
      const next = missed.get(path);
      missed.delete(path);
      if (next !== undefined) begin(path, next);
    });
    running.set(path, ended);
  }

  async function run(path: string, due: (shoot: JsonMap) => boolean): Promise<void> {
    for (let again = true; again && !stopped.signal.aborted;) {
      again = false;
      try {
        const shoot = await garden.get(path);
        if (!due(shoot)) return;
        await maintainShoot(garden, shoot, clock.now());
        log(`maintenance: ${path} is done`);
      } catch (error) {
        if (isApiError(error, 404)) return;
        // A conflict means that the choice was made on stale data.
        log(`maintenance: ${path}: ${String(error)}`);
        await systemClock.sleep(RETRY_MS, stopped.signal);
        again = true;
      }
    }
  }

  function forget(shoot: JsonMap): void {
    schedules.get(shootPath(shoot))?.cancel.abort();
    schedules.delete(shootPath(shoot));
    requested.delete(shootPath(shoot));
  }

  async function follow(): Promise<void> {
    for await (const event of garden.watch(ALL_SHOOTS, stopped.signal)) {
      if (event.kind === "listed") event.items.forEach(see);
      else if (event.kind === "deleted") forget(event.object);
      else see(event.object);
    }
  }

  const following = follow().catch((error: unknown) => {
    log(`maintenance: the watch on Shoots has ended: ${String(error)}`);
  });

  return {
    async stop() {
      stopped.abort();
      for (const { cancel } of schedules.values()) cancel.abort();
      await following;
      await Promise.all(running.values());
    },
  };
}
