/** Reads the watched Shoots when they are due, one by itself and several in one list, while any is watched. */
import type { Clock } from "../../../model/clock";
import type { FetchResult, ShootFetcher } from "./fetchResult";
import { alignedDueAt, dueNow } from "./interval";
import type { Outage } from "./outage";
import { breakOff, publish, sendToAll, type WatchedShoot } from "./watchedShoot";

export interface ReadLoop {
  /** Another Shoot is watched, or one is not any more. */
  changed(): void;
}

/** @param watched those with watchers, at the moment of the call. */
export function createReadLoop(
  watched: () => readonly WatchedShoot[],
  fetcher: ShootFetcher,
  outage: Outage,
  clock: Clock,
): ReadLoop {
  const now = (): number => clock.now().getTime();
  let wake = new AbortController();
  let running = false;
  let repeatedAt = -Infinity;

  function due(): readonly WatchedShoot[] {
    return now() < outage.until() ? [] : dueNow(watched(), now(), outage.isThrottled(), repeatedAt);
  }

  async function read(shoots: readonly WatchedShoot[]): Promise<void> {
    if (shoots.some(({ readAt }) => readAt !== undefined)) repeatedAt = now();
    const result = await fetch(shoots, fetcher, now());
    if (result.kind === "fetched") {
      outage.succeeded();
      for (const shoot of shoots) publish(shoot, result.shoots.get(shoot.name));
    } else {
      outage.failed(result);
      for (const shoot of shoots) shoot.awaited = true;
      for (const shoot of watched()) sendToAll(shoot, { kind: "interrupted", message: result.message });
    }
  }

  async function sleepUntilDue(): Promise<void> {
    wake = new AbortController();
    const times = watched().map((shoot) => alignedDueAt(shoot, outage.isThrottled(), repeatedAt));
    await clock.sleep(Math.max(Math.min(...times), outage.until()) - now(), wake.signal);
  }

  async function run(): Promise<void> {
    running = true;
    try {
      while (watched().length > 0) {
        const shoots = due();
        await (shoots.length > 0 ? read(shoots) : sleepUntilDue());
      }
    } catch (error) {
      for (const shoot of watched()) breakOff(shoot, error);
    } finally {
      running = false;
    }
  }

  return {
    changed() {
      if (running) wake.abort();
      else void run();
    },
  };
}

function fetch(shoots: readonly WatchedShoot[], fetcher: ShootFetcher, now: number): Promise<FetchResult> {
  for (const shoot of shoots) Object.assign(shoot, { readAt: now, awaited: false });
  const [first] = shoots;
  // Only the list distinguishes a deleted Shoot from an unknown project.
  return first !== undefined && shoots.length === 1 && !first.missing
    ? fetcher.fetchShoot(first.name)
    : fetcher.fetchShoots(shoots.map(({ name }) => name));
}
