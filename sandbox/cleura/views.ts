/**
 * What Cleura shows of a Shoot. For a while after a write that is what was shown before: the answer
 * to the write and the reads after it report the previous success, as was observed with Cleura.
 */
import { at, isMap, type JsonMap, number, textAt, timestamp } from "../json";
import { present } from "./render";

export interface Staleness {
  /** After each write. */
  readonly milliseconds: number;
  /** The previous specification, too. */
  readonly spec?: boolean;
}

interface LastWrite {
  readonly previous: JsonMap;
  /** Not by the sandbox's clock, which a test may have stopped. */
  staleUntil: number;
  /** From this generation on the last operation is later than the write. */
  readonly generation: number;
  readonly notBefore: number;
}

export type Views = ReturnType<typeof createViews>;

export function createViews(
  render: (shoot: JsonMap) => JsonMap,
  now: () => Date,
  { milliseconds, spec = false }: Staleness,
) {
  const writes = new Map<string, LastWrite>();

  function show(shoot: JsonMap): JsonMap {
    const shown = render(shoot);
    const write = writes.get(nameOf(shoot));
    if (write === undefined) return shown;
    if (performance.now() < write.staleUntil) {
      const { last_operation, status } = write.previous;
      return spec ? write.previous : { ...shown, ...present({ last_operation, status }) };
    }
    const operation = shown.last_operation;
    if (isMap(operation) && (number(at(shoot, "status", "observedGeneration")) ?? 0) >= write.generation) {
      // Times have whole seconds. Here a rollout may be over within the second of the write, or of the one
      // before, which no real one is: clients could not distinguish it from the previous one by its time.
      const time = Date.parse(textAt(operation, "last_update_time"));
      if (time < write.notBefore) operation.last_update_time = timestamp(new Date(write.notBefore));
    }
    return shown;
  }

  return {
    show,
    /** After a write: `before` is the Shoot as it was, `after` as it is stored. */
    written(before: JsonMap, after: JsonMap): void {
      const generation = number(at(after, "metadata", "generation")) ?? 0;
      if (generation === at(before, "metadata", "generation")) return;
      const previous = show(before);
      const previousTime = Date.parse(textAt(previous, "last_operation", "last_update_time")) || 0;
      writes.set(nameOf(after), {
        previous,
        staleUntil: performance.now() + milliseconds,
        generation,
        notBefore: Math.max(now().getTime(), previousTime) + 1000,
      });
    },
    /** Reads show from now on what was written. */
    endStaleness(): void {
      for (const write of writes.values()) write.staleUntil = 0;
    },
  };
}

function nameOf(shoot: JsonMap): string {
  return textAt(shoot, "metadata", "name");
}
