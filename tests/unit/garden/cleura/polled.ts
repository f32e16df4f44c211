/** A poller on a clock that a test advances, over Shoots that a test sets. */
import type { FetchResult, ShootFetcher } from "../../../../provider/garden/cleura/polling/fetchResult";
import { createPoller, type Poller } from "../../../../provider/garden/cleura/polling/poller";
import type { ShootEvent } from "../../../../provider/garden/garden";
import type { LastOperation, Shoot } from "../../../../provider/model/shoot";
import { aLastOperation, aShoot } from "../../builders";
import { fakeClock, quiet, type FakeClock } from "../../rollout/clock";

export const MINUTE = 60_000;

const refOf = (name: string) => ({ namespace: "garden-demo", name });

export function shootNamed(name: string, operation: Partial<LastOperation> = {}): Shoot {
  return aShoot({
    ref: refOf(name),
    generation: 0,
    observedGeneration: 0,
    lastOperation: aLastOperation(operation),
  });
}

export const rolling = (progress: number, name = "web") =>
  shootNamed(name, { state: "Processing", progress });

export interface FetchCall {
  readonly kind: "one" | "list";
  readonly names: readonly string[];
  /** In seconds since the scene began. */
  readonly at: number;
}

export interface Watch {
  readonly events: readonly ShootEvent[];
  kinds(): readonly ShootEvent["kind"][];
  stop(): void;
  ended(): boolean;
  error(): unknown;
}

export interface Polled {
  readonly clock: FakeClock;
  readonly poller: Poller;
  /** All reads since the begin, or since they were cleared. */
  readonly calls: FetchCall[];
  set(shoot: Shoot): void;
  remove(name: string): void;
  /** Every read fails with it; undefined: reads succeed again. */
  fail(failure: FetchResult | Error | undefined): void;
  watch(name?: string): Watch;
  /** Stops all watches; rejects if a timer remains. */
  close(): Promise<void>;
}

/** @param fetchMs how long a read takes. */
export function aPolledGarden(fetchMs = 0): Polled {
  const clock = fakeClock();
  const began = clock.now().getTime();
  const shoots = new Map([["web", shootNamed("web")]]);
  const calls: FetchCall[] = [];
  const watches: AbortController[] = [];
  let failure: FetchResult | Error | undefined;

  async function fetch(kind: FetchCall["kind"], names: readonly string[]): Promise<FetchResult> {
    calls.push({ kind, names, at: (clock.now().getTime() - began) / 1000 });
    if (fetchMs > 0) await clock.sleep(fetchMs);
    if (failure instanceof Error) throw failure;
    return (
      failure ?? { kind: "fetched", shoots: new Map([...shoots].filter(([name]) => names.includes(name))) }
    );
  }
  const fetcher: ShootFetcher = {
    fetchShoot: (name) => fetch("one", [name]),
    fetchShoots: (names) => fetch("list", names),
  };
  const poller = createPoller(fetcher, clock);

  function watch(name = "web"): Watch {
    const controller = new AbortController();
    watches.push(controller);
    const events: ShootEvent[] = [];
    let ended = false;
    let thrown: unknown;
    void (async () => {
      try {
        for await (const event of poller.watch(refOf(name), controller.signal)) events.push(event);
      } catch (error) {
        thrown = error;
      }
      ended = true;
    })();
    return {
      events,
      kinds: () => events.map(({ kind }) => kind),
      stop: () => controller.abort(),
      ended: () => ended,
      error: () => thrown,
    };
  }

  return {
    clock,
    poller,
    calls,
    set: (shoot) => void shoots.set(shoot.ref.name, shoot),
    remove: (name) => void shoots.delete(name),
    fail: (given) => (failure = given),
    watch,
    async close() {
      for (const controller of watches) controller.abort();
      await quiet();
      if (clock.sleepers() > 0) throw new Error("A timer of the poller remains");
    },
  };
}
