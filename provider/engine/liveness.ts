/**
 * Whether the engine that started this process still runs. The process is in a process group of its
 * own and continues after an engine that is killed (out of memory, `kill -9`): it must not write then.
 */
import { setMaxListeners } from "node:events";
import type { Clock } from "../model/clock";
import { UserError } from "../model/problem";
import { requestEngineStatus, connectEngine, engineAddress, type EngineStatus } from "./client";

export interface EngineLiveness {
  /** Aborted when the engine has ended. */
  readonly ended: AbortSignal;
  /** Resolves when the engine has responded; to be awaited right before a write. @throws UserError GU058 */
  assertRunning(): Promise<void>;
}

const INTERVAL_MS = 2_000;
const RETRY_MS = 500;
const RESPONSE_TIMEOUT_MS = 10_000;

/** For a process that was not started by an engine. */
export const noEngine: EngineLiveness = {
  ended: sharedSignal(new AbortController()),
  assertRunning: () => Promise.resolve(),
};

/** All rollouts listen to it; Node.js would print a warning of a leak at the eleventh. */
function sharedSignal({ signal }: AbortController): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}

/** @param exit called once when the engine has ended. */
export function watchEngine(clock: Clock, exit: () => void, address = engineAddress()): EngineLiveness {
  if (address === undefined) return noEngine;
  const client = connectEngine(address);
  return createLiveness(() => requestEngineStatus(client, RESPONSE_TIMEOUT_MS), clock, exit);
}

export function createLiveness(
  requestStatus: () => Promise<EngineStatus>,
  clock: Clock,
  exit: () => void,
): EngineLiveness {
  const ended = new AbortController();
  sharedSignal(ended);

  function stop(): void {
    if (ended.signal.aborted) return;
    ended.abort();
    exit();
  }

  /** Ended after two refused connections: a single one may have another reason. */
  async function isRunning(): Promise<boolean> {
    for (let refused = 0; refused < 2;) {
      if (ended.signal.aborted) return false;
      const status = await requestStatus();
      if (status === "running") return true;
      if (status === "unavailable") refused += 1;
      await clock.sleep(RETRY_MS, ended.signal);
    }
    stop();
    return false;
  }

  async function watch(): Promise<void> {
    while (await isRunning()) await clock.sleep(INTERVAL_MS, ended.signal);
  }

  void watch();
  return {
    ended: ended.signal,
    async assertRunning() {
      if (await isRunning()) return;
      throw new UserError("GU058", "The Pulumi engine has ended, so nothing more is written.");
    },
  };
}
