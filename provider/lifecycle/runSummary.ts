/**
 * What became of the rollouts of a run, in one message. Pulumi tells a provider neither when a run ends nor which resources are
 * still to come: the message is shown when no rollout runs and the engine has not called for a moment. Where more follows, it is
 * shown again with all that is known then, so that the last one is that of the whole run.
 */
import type { Clock } from "../model/clock";
import type { RolloutState } from "../model/enums";
import { awaitsWindow } from "../model/operation";
import type { Shoot } from "../model/shoot";
import { count, truncate } from "../model/text";
import { isStoppedByOthers } from "../rollout";

export type RolloutResult =
  | { readonly kind: "done" | "in progress" }
  /** @param detail the reason. */
  | { readonly kind: "pending" | "held" | "failed" | "not started"; readonly detail: string };

/** Written, and left to the Shoot's maintenance window. */
export const confined: RolloutResult = {
  kind: "pending",
  detail: "in its maintenance window, by confineSpecUpdateRollout",
};

/** Of a Shoot for which nothing is left to be written; undefined: it is up to date. */
export function unfinished(state: RolloutState, shoot: Shoot): RolloutResult | undefined {
  if (awaitsWindow(shoot) || state === "pending") return confined;
  return state === "inProgress" ? { kind: "in progress" } : undefined;
}

/** A Shoot of the stack. */
export interface KnownShoot {
  readonly urn: string;
  readonly name: string;
  /** Something is pending that this run may perform. */
  readonly isDue: boolean;
  /** Why what is pending may not be started yet. */
  readonly waits?: string;
}

export interface RunSummary {
  /** The engine has called. */
  active(): void;
  record(urn: string, result: RolloutResult): void;
  /** So many Shoots are declared, as far as the program knows. Without it `unchanged` shows nothing. */
  expect(shoots: number): void;
  /** The run has nothing to do for this Shoot. @param result absent: it is up to date. */
  unchanged(urn: string, result: RolloutResult | undefined): Promise<void>;
  /** Runs an update or an adoption, and records how it fails. */
  during<Result>(urn: string, task: () => Promise<Result>): Promise<Result>;
}

/** The engine calls for one resource after another within this time, unless it waits for a rollout. */
const QUIET_MS = 250;
/** Of an answer to the engine. */
const LONGEST_DELAY_MS = 2_000;
const LONGEST_DETAIL = 200;
const order = ["done", "in progress", "pending", "failed", "held", "not started"] as const;

export function createRunSummary(
  clock: Clock,
  shoots: () => readonly KnownShoot[],
  show: (text: string) => Promise<void>,
): RunSummary {
  const results = new Map<string, RolloutResult>();
  let calls = 0;
  let running = 0;
  let shown = "";
  let expected: number | undefined;

  async function isQuiet(): Promise<boolean> {
    for (let waited = 0; waited < LONGEST_DELAY_MS; waited += QUIET_MS) {
      const before = calls;
      await clock.sleep(QUIET_MS);
      if (running > 0) return false;
      if (calls === before) return true;
    }
    return true;
  }

  async function showIfLast(): Promise<void> {
    if (running > 0 || results.size === 0 || shoots().length < 2 || !(await isQuiet())) return;
    const text = describeRun(shoots(), results, expected);
    if (text === shown) return;
    shown = text;
    await show(text);
  }

  return {
    active: () => void (calls += 1),
    record: (urn, result) => void results.set(urn, result),
    expect: (declared) => void (expected = Math.max(expected ?? 0, declared)),
    async unchanged(urn, result) {
      if (result !== undefined) results.set(urn, result);
      // Of a run that updates nothing. The others are not made to wait for it.
      if (expected !== undefined && expected > 1 && shoots().length >= expected) await showIfLast();
    },
    async during(urn, task) {
      running += 1;
      try {
        return await task();
      } catch (error) {
        results.set(urn, failureOf(error));
        throw error;
      } finally {
        running -= 1;
        await showIfLast();
      }
    },
  };
}

/** As part of the run's summary, where check has run in this process. */
export function summarized<Result>(
  { summary }: { readonly summary?: RunSummary },
  checked: { readonly urn: string } | undefined,
  task: () => Promise<Result>,
): Promise<Result> {
  return checked === undefined || summary === undefined ? task() : summary.during(checked.urn, task);
}

function failureOf(error: unknown): RolloutResult {
  const [detail = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return {
    kind: isStoppedByOthers(error) ? "not started" : "failed",
    // The whole message is shown in the row of its resource.
    detail: truncate(detail, LONGEST_DETAIL),
  };
}

/**
 * `9 Shoots of this stack: 1 done, 1 pending, 7 up to date`, and a line for each with something to report.
 * @param declared so many, as far as the program knows: check has refused those that are not known, or the run ended before.
 */
export function describeRun(
  shoots: readonly KnownShoot[],
  recorded: ReadonlyMap<string, RolloutResult>,
  declared = shoots.length,
): string {
  const results = shoots.flatMap((shoot) => {
    const result = recorded.get(shoot.urn) ?? resultWithoutUpdate(shoot);
    return result === undefined ? [] : [{ name: shoot.name, result }];
  });
  const sorted = results.sort(
    (a, b) =>
      order.indexOf(a.result.kind) - order.indexOf(b.result.kind) ||
      Number(a.name > b.name) - Number(a.name < b.name),
  );
  const upToDate = shoots.length - results.length;
  const counts = [
    ...order.flatMap((kind) => {
      const some = sorted.filter(({ result }) => result.kind === kind).length;
      return some === 0 ? [] : [`${some} ${kind}`];
    }),
    ...(upToDate === 0 ? [] : [`${upToDate} up to date`]),
    ...(declared > shoots.length ? [`${declared - shoots.length} not checked`] : []),
  ];
  const lines = sorted.map(({ name, result }) =>
    "detail" in result
      ? `  ${result.kind}: ${name} (${withoutName(result.detail, name)})`
      : `  ${result.kind}: ${name}`,
  );
  const all = Math.max(shoots.length, declared);
  return [`${count(all, "Shoot")} of this stack: ${counts.join(", ")}`, ...lines].join("\n");
}

/** The engine has not come to it: another has failed, or the run was interrupted. */
function resultWithoutUpdate({ isDue, waits }: KnownShoot): RolloutResult | undefined {
  if (waits !== undefined) return { kind: "pending", detail: waits };
  return isDue ? { kind: "not started", detail: "the run ended before" } : undefined;
}

function withoutName(detail: string, name: string): string {
  return detail.startsWith(`${name}: `) ? detail.slice(name.length + 2) : detail;
}
