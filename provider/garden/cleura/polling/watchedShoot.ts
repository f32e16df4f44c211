/** A Shoot as it was read last, and its watchers, which receive what differs from their last event. */
import { createAsyncQueue, type AsyncQueue } from "../../../model/queue";
import type { Shoot } from "../../../model/shoot";
import type { ShootEvent } from "../../garden";
import type { Undecodable } from "./fetchResult";
import type { PollState } from "./interval";

export interface Watcher {
  readonly queue: AsyncQueue<ShootEvent | { readonly kind: "broken"; readonly error: unknown }>;
  lastSent?: string;
}

export interface WatchedShoot extends PollState {
  readAt?: number;
  shoot?: Shoot;
  awaited: boolean;
  missing: boolean;
  readonly watchers: Set<Watcher>;
}

export function createWatchedShoot(name: string): WatchedShoot {
  return { name, awaited: false, missing: false, watchers: new Set() };
}

export function createWatcher(): Watcher {
  return { queue: createAsyncQueue() };
}

/** @param shoot undefined: it does not exist, which a second read has to confirm. */
export function publish(watched: WatchedShoot, shoot: Shoot | Undecodable | undefined): void {
  if (shoot === undefined) return publishMissing(watched);
  if ("error" in shoot) return breakOff(watched, shoot.error);
  Object.assign(watched, { shoot, missing: false });
  sendToAll(watched, { kind: "seen", shoot });
}

function publishMissing(watched: WatchedShoot): void {
  if (!watched.missing) {
    watched.missing = true;
    return;
  }
  Object.assign(watched, { shoot: undefined, missing: false });
  sendToAll(watched, { kind: "gone" });
}

/** Ends the watches with the error. */
export function breakOff({ watchers }: WatchedShoot, error: unknown): void {
  for (const { queue } of watchers) queue.send({ kind: "broken", error });
  watchers.clear();
}

export function sendToAll({ watchers }: WatchedShoot, event: ShootEvent): void {
  for (const watcher of watchers) send(watcher, event);
}

export function send(watcher: Watcher, event: ShootEvent): void {
  const text = JSON.stringify(event);
  if (text === watcher.lastSent) return;
  watcher.lastSent = text;
  watcher.queue.send(event);
}

/** Until the signal, or until the Shoot does not exist. */
export async function* eventsOf({ queue }: Watcher, signal: AbortSignal): AsyncGenerator<ShootEvent> {
  for (;;) {
    const event = await queue.receive(signal);
    if (event === undefined) return;
    if (event.kind === "broken") throw event.error;
    yield event;
    if (event.kind === "gone") return;
  }
}
