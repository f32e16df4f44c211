/**
 * A watch, compared with a list while no events arrive: a connection that is lost without being closed
 * cannot be distinguished from one without events.
 */
import type { Clock } from "../../model/clock";
import type { ApiClient } from "./client";
import {
  listObjects,
  watchObjects,
  type ObjectList,
  type ObjectVersions,
  type WatchEvent,
  type WatchLimits,
  type WatchTarget,
} from "./watch";

export interface ComparisonSettings extends WatchLimits {
  readonly clock: Clock;
  /** A watch without events for this time is compared with a list. Absent: never. */
  readonly quietMs?: number;
}

/**
 * Ends after a list that differs, which is the last event.
 * @param known the objects as of the last event; the caller keeps it up to date.
 */
export async function* watchWithList(
  client: ApiClient,
  target: WatchTarget,
  version: string,
  known: Pick<ObjectVersions, "equal">,
  signal: AbortSignal,
  settings: ComparisonSettings,
): AsyncGenerator<WatchEvent | ({ readonly kind: "listed" } & ObjectList)> {
  const { clock, quietMs } = settings;
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  const events = watchObjects(client, target, version, stop.signal, settings);
  let next: Promise<IteratorResult<WatchEvent>> | undefined;
  try {
    for (;;) {
      next ??= events.next();
      const first = await firstOf(next, quietMs, clock);
      if (first !== "quiet") {
        next = undefined;
        if (first.done === true) return;
        yield first.value;
        continue;
      }
      const listed = await listObjects(client, target, stop.signal);
      if (!known.equal(listed.objects)) {
        yield { kind: "listed", ...listed };
        return;
      }
    }
  } finally {
    signal.removeEventListener("abort", abort);
    stop.abort();
    // The failure is that of the abort. An event that has arrived meanwhile must not leave the generator open, with its timer.
    next?.catch(() => undefined);
    events.return(undefined).catch(() => undefined);
  }
}

async function firstOf<Value>(
  value: Promise<Value>,
  ms: number | undefined,
  clock: Clock,
): Promise<Value | "quiet"> {
  if (ms === undefined) return value;
  const timer = new AbortController();
  try {
    return await Promise.race([value, clock.sleep(ms, timer.signal).then(() => "quiet" as const)]);
  } finally {
    timer.abort();
  }
}
