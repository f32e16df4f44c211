/** What the lifecycle needs of the process it runs in: the dynamic provider's server creates it, and tests do. */
import type { EngineLiveness } from "../engine/liveness";
import type { EngineLog } from "../engine/log";
import type { Garden } from "../garden/garden";
import type { Clock } from "../model/clock";
import type { Declaration } from "../model/declaration";
import type { GardenLocation } from "../model/location";
import type { Plan } from "../model/plan";
import type { RolloutLimiter } from "../rollout/limiter";
import { NodeLists } from "./nodeLists";
import type { KnownShoot, RunSummary } from "./runSummary";
import type { Inputs } from "./state";

export interface LifecycleContext {
  /** A garden whose reads are shared for a moment between the resources of a run. */
  garden(location: GardenLocation): Promise<Garden>;
  readonly log: EngineLog;
  readonly engine: EngineLiveness;
  readonly clock: Clock;
  readonly rolloutLimiter: RolloutLimiter;
  readonly checked: CheckedShoots;
  /** Absent: no message at the end of the run. */
  readonly summary?: RunSummary;
}

/**
 * The result of check, for diff, create and update of the same Shoot in the same process: the
 * declaration does not go through the engine, where it would become state.
 */
export interface Checked extends Pick<Plan, "target" | "steps" | "later" | "route"> {
  /** The row under which messages about this Shoot are shown. */
  readonly urn: string;
  readonly declaration: Declaration;
  readonly oldInputs?: Inputs;
  /** Why its rollout may not be started yet. */
  readonly waits?: string;
}

/** By the Shoot's uid; one process serves all resources of a preview or an update. */
export class CheckedShoots {
  readonly nodeLists = new NodeLists();
  readonly #checked = new Map<string, Checked>();
  #rollouts = 0;

  set(shootUid: string, checked: Checked): void {
    this.#checked.set(shootUid, checked);
  }

  get(shootUid: string): Checked | undefined {
    return this.#checked.get(shootUid);
  }

  /** The position of the next rollout among those that are known to be needed so far. */
  nextPosition(): { readonly index: number; readonly total: number } {
    const index = ++this.#rollouts;
    const planned = this.shoots().filter(({ isDue }) => isDue).length;
    return { index, total: Math.max(index, planned) };
  }

  /** Those that have been checked so far, by the names of their resources. */
  shoots(): readonly KnownShoot[] {
    return [...this.#checked.values()].map(({ urn, steps, waits }) => ({
      urn,
      name: nameOf(urn),
      isDue: steps.length > 0 && waits === undefined,
      ...(waits !== undefined && { waits }),
    }));
  }
}

/** The resource's own name, the last part of a URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** `project/stack` of a URN `urn:pulumi:stack::project::…`; undefined where there is none. */
export function stackOf(urn: string): string | undefined {
  const [, stack, project] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(urn) ?? [];
  return stack === undefined || project === undefined ? undefined : `${project}/${stack}`;
}
