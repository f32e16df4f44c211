/**
 * What Cleura shows of a Shoot. For a while after a write that is what was shown before: the answer
 * to the write and the reads behind it tell the former success, as Cleura has been seen to do.
 */
import { at, isMap, type JsonMap, number, textAt, timestamp } from "../json";
import { type Period, startPeriod } from "./period";
import { present } from "./shape";

export interface Staleness {
  /** After each write; `Infinity`: until it is ended. */
  readonly milliseconds: number;
  /** The former specification, too. */
  readonly spec?: boolean;
}

export interface Views {
  show(shoot: JsonMap): JsonMap;
  /** Around a write: `before` is the Shoot as it was, `after` as it is stored. */
  written(before: JsonMap, after: JsonMap): void;
  setStaleness(staleness: Staleness): void;
  /** What was written is seen from now on. */
  endStaleness(): void;
}

interface Memory {
  readonly former: JsonMap;
  readonly stale: Period;
  readonly spec: boolean;
  /** From this generation on the last operation is later than the write. */
  readonly generation: number;
  readonly notBefore: number;
}

export function createViews(render: (shoot: JsonMap) => JsonMap, now: () => Date, initial: Staleness): Views {
  const memories = new Map<string, Memory>();
  let staleness = initial;

  function show(shoot: JsonMap): JsonMap {
    const shown = render(shoot);
    const memory = memories.get(nameOf(shoot));
    if (memory === undefined) return shown;
    if (!memory.stale.over()) {
      if (memory.spec) return memory.former;
      const { last_operation, status } = memory.former;
      return { ...shown, ...present({ last_operation, status }) };
    }
    const operation = shown.last_operation;
    if (isMap(operation) && (number(at(shoot, "status", "observedGeneration")) ?? 0) >= memory.generation) {
      delay(operation, memory.notBefore);
    }
    return shown;
  }

  return {
    show,
    written(before, after) {
      const generation = number(at(after, "metadata", "generation")) ?? 0;
      if (generation === at(before, "metadata", "generation")) return;
      const former = show(before);
      const formerTime = Date.parse(textAt(former, "last_operation", "last_update_time")) || 0;
      memories.set(nameOf(after), {
        former,
        stale: startPeriod(staleness.milliseconds),
        spec: staleness.spec ?? false,
        generation,
        notBefore: Math.max(now().getTime(), formerTime) + 1000,
      });
    },
    setStaleness(value) {
      staleness = value;
    },
    endStaleness() {
      for (const { stale } of memories.values()) stale.end();
    },
  };
}

function nameOf(shoot: JsonMap): string {
  return textAt(shoot, "metadata", "name");
}

/**
 * Times have whole seconds. Here a rollout may be over in the second of the write, or within that of
 * the one before, which no real one is: its time would not tell it from the former.
 */
function delay(operation: JsonMap, notBefore: number): void {
  const time = Date.parse(textAt(operation, "last_update_time"));
  if (time < notBefore) operation.last_update_time = timestamp(new Date(notBefore));
}
