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
import { isRecord } from "./model/json";
import { describeProblem, UserError } from "./model/problem";
import { printableError } from "./model/text";
import { createRolloutLimiter, type RolloutLimiter } from "./rollout";
import { laterTurn } from "./turn";

/** `configure`'s argument, as the shim keeps it; absent where the engine has not configured yet. */
export interface StackConfig {
  get(key: string): string | undefined;
}

let context: lifecycle.LifecycleContext | undefined;

/** One context for the process: a phase of a run has one configuration. */
async function contextFor(config: StackConfig | undefined): Promise<lifecycle.LifecycleContext> {
  // Loading the modules has blocked the event loop: what has arrived meanwhile is read first.
  if (context === undefined) await laterTurn();
  context ??= createContext(config);
  return context;
}

function createContext(config: StackConfig | undefined): lifecycle.LifecycleContext {
  const gardens = createGardens(systemClock, READ_MS);
  // Created when a rollout begins: an invalid setting must not prevent a refresh.
  let limiter: RolloutLimiter | undefined;
  const setting = (key: string) => config?.get(key);
  const sources = { config: setting, env: process.env };
  const log = connectEngineLog();
  const checked = new lifecycle.CheckedShoots();
  const allowedFailures = () =>
    lifecycle.allowedFailures(setting, checked.shoots().filter(({ isDue }) => isDue).length);
  return {
    garden: (location) => gardens.open(location, sources),
    log,
    engine: watchEngine(systemClock, () => process.exit(1)),
    clock: systemClock,
    rolloutLimiter: {
      run: (label, status, task) =>
        (limiter ??= createRolloutLimiter(lifecycle.concurrentRollouts(setting), allowedFailures)).run(
          label,
          status,
          task,
        ),
    },
    checked,
    summary: lifecycle.createRunSummary(
      systemClock,
      () => checked.shoots(),
      (text) => log.info("", text),
    ),
  };
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

/** @param isFollowed whether the engine sends another request about the same resource, whatever this one's result is. */
async function run<Result>(
  config: StackConfig | undefined,
  method: (context: lifecycle.LifecycleContext) => Promise<Result>,
  isFollowed: (result: Result) => boolean = () => false,
): Promise<Result> {
  try {
    const served = await contextFor(config);
    served.summary?.active();
    const result = await method(served);
    // The engine may end this process as soon as it has the last answer.
    if (!isFollowed(result)) await served.log.flush();
    return result;
  } catch (error) {
    await context?.log.flush();
    throw error instanceof UserError ? new ShownError(error) : printableError(error);
  }
}

export function check(config: StackConfig | undefined, olds: unknown, news: unknown) {
  const isRegistered = isRecord(olds) && Object.keys(olds).length > 0;
  return run(
    config,
    (served) => {
      const setting = (key: string) => config?.get(key);
      lifecycle.concurrentRollouts(setting);
      lifecycle.allowedFailures(setting, 0);
      return lifecycle.check(served, olds, news);
    },
    // By diff, unless a policy or a saved plan refuses the resource (deploy/step_generator.go): what check has not awaited by
    // itself may be missing then.
    ({ failures }) => isRegistered && failures.length === 0,
  );
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
