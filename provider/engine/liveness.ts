/**
 * Whether the engine that started this process still runs. The process is in a process group of its
 * own and outlives an engine that is killed (out of memory, `kill -9`): it must not write anything
 * that nobody asks for any more.
 */
import type { Clock } from "../model/clock";
import { UserError } from "../model/problem";
import { askEngine, connectEngine, engineAddress, type EngineAnswer } from "./client";

export interface EngineLiveness {
  /** Aborted once the engine is gone. */
  readonly gone: AbortSignal;
  /** Resolves when the engine has answered; to be awaited right before a write. @throws UserError GU058 */
  assertRunning(): Promise<void>;
}

const INTERVAL_MS = 2_000;
const RETRY_MS = 500;
const ANSWER_TIMEOUT_MS = 10_000;

/** For a process that no engine has started. */
export const noEngine: EngineLiveness = {
  gone: new AbortController().signal,
  assertRunning: () => Promise.resolve(),
};

/** @param end called once when the engine is gone. */
export function watchEngine(clock: Clock, end: () => void, address = engineAddress()): EngineLiveness {
  if (address === undefined) return noEngine;
  const client = connectEngine(address);
  return createLiveness(() => askEngine(client, ANSWER_TIMEOUT_MS), clock, end);
}

export function createLiveness(
  ask: () => Promise<EngineAnswer>,
  clock: Clock,
  end: () => void,
): EngineLiveness {
  const gone = new AbortController();

  function stop(): void {
    if (gone.signal.aborted) return;
    gone.abort();
    end();
  }

  /** Two refusals: one alone may be the connection's. */
  async function isRunning(): Promise<boolean> {
    for (let refusals = 0; refusals < 2;) {
      if (gone.signal.aborted) return false;
      const answer = await ask();
      if (answer === "running") return true;
      if (answer === "unavailable") refusals += 1;
      await clock.sleep(RETRY_MS, gone.signal);
    }
    stop();
    return false;
  }

  async function watch(): Promise<void> {
    while (await isRunning()) await clock.sleep(INTERVAL_MS, gone.signal);
  }

  void watch();
  return {
    gone: gone.signal,
    async assertRunning() {
      if (await isRunning()) return;
      throw new UserError("GU058", "The Pulumi engine has ended, so nothing more is written.");
    },
  };
}
