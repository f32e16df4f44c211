import { setImmediate } from "node:timers/promises";

/**
 * Resolves in a later turn of the event loop, after timers that are due and requests that have arrived: for work that follows
 * other work of some ten milliseconds. An immediate comes before the timers of the next turn, the one after it follows them.
 * Source: https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick
 */
export async function laterTurn(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
