/**
 * What the stored shim calls inside the dynamic provider's process: the lifecycle, in the forms that
 * Pulumi's server expects.
 */
import { watchEngine } from "./engine/liveness";
import { connectEngineLog } from "./engine/log";
import { createGardens } from "./garden/gardens";
import { READ_MS } from "./garden/namespaceReads";
import * as lifecycle from "./lifecycle";
import { systemClock } from "./model/clock";
import { describeProblem, UserError } from "./model/problem";
import { printableError } from "./model/text";
import { createRolloutLimiter, type RolloutLimiter } from "./rollout";

/** `configure`'s argument, as the shim keeps it; absent where the engine has not configured yet. */
export interface StackConfig {
  get(key: string): string | undefined;
}

const DEFAULT_CONCURRENT_ROLLOUTS = 5;

let context: lifecycle.LifecycleContext | undefined;

/** One context for the process: a phase of a run has one configuration. */
function contextFor(config: StackConfig | undefined): lifecycle.LifecycleContext {
  context ??= createContext(config);
  return context;
}

function createContext(config: StackConfig | undefined): lifecycle.LifecycleContext {
  const gardens = createGardens(systemClock, READ_MS);
  // Created when a rollout begins: an invalid setting must not prevent a refresh.
  let limiter: RolloutLimiter | undefined;
  const sources = { config: (key: string) => config?.get(key), env: process.env };
  return {
    garden: (location) => gardens.open(location, sources),
    log: connectEngineLog(),
    engine: watchEngine(systemClock, () => process.exit(1)),
    clock: systemClock,
    rolloutLimiter: {
      run: (label, status, task) =>
        (limiter ??= createRolloutLimiter(concurrentRollouts(config))).run(label, status, task),
    },
    checked: new lifecycle.CheckedShoots(),
  };
}

function concurrentRollouts(config: StackConfig | undefined): number {
  const key = "gardener:maxConcurrentRollouts";
  const set = config?.get(key);
  const limit = set === undefined ? DEFAULT_CONCURRENT_ROLLOUTS : Number(set);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new UserError("GU021", `expected a whole number of at least 1, found ${JSON.stringify(set)}`, {
    property: key,
  });
}

/** What the engine prints of a user's mistake: the message with its code, and nothing else. */
class ShownError extends Error {
  constructor(readonly shown: UserError) {
    super(describeProblem(shown), { cause: shown });
    // Pulumi's server for dynamic providers prints `${error}: ${error.stack}` as well, above the message.
    this.stack = "";
  }

  override toString(): string {
    return `[${this.shown.code}]`;
  }
}

async function run<Result>(
  config: StackConfig | undefined,
  method: (context: lifecycle.LifecycleContext) => Promise<Result>,
): Promise<Result> {
  try {
    return await method(contextFor(config));
  } catch (error) {
    throw error instanceof UserError ? new ShownError(error) : printableError(error);
  } finally {
    // The engine may end this process as soon as it has the last answer.
    await context?.log.flush();
  }
}

export function check(config: StackConfig | undefined, olds: unknown, news: unknown) {
  return run(config, (served) => {
    concurrentRollouts(config);
    return lifecycle.check(served, olds, news);
  });
}

export function diff(config: StackConfig | undefined, _id: string, olds: unknown, news: unknown) {
  return run(config, (served) => lifecycle.diff(served, olds, news));
}

export function create(config: StackConfig | undefined, inputs: unknown) {
  return run(config, (served) => lifecycle.create(served, inputs));
}

export function read(config: StackConfig | undefined, id: string, props: unknown) {
  return run(config, (served) => lifecycle.read(served, id, props));
}

export function update(config: StackConfig | undefined, _id: string, olds: unknown, news: unknown) {
  return run(config, (served) => lifecycle.update(served, olds, news));
}

export function remove() {
  return lifecycle.remove();
}
