/**
 * Generations for Shoots that have none in the API: our own writes, counted. With them a change is
 * complete here by the same rule as on a Gardener API server.
 */
import type { Clock } from "../../../model/clock";
import type { Change } from "../../../model/plan";
import { shootId, type Shoot } from "../../../model/shoot";
import { contains, trackOperation, updateTracker, type OperationTracker } from "./operationTracker";

export interface WriteGenerations {
  /**
   * Counts an accepted write. `before` was read right before it; `answer` may still show the Shoot from
   * before it. Returns the Shoot as it was accepted.
   */
  record(change: Change, before: Shoot, answer: Shoot): Shoot;
  /** A write whose answer was lost: it counts from the first read on that shows it. */
  recordUnconfirmed(change: Change, before: Shoot): void;
  /** The Shoot with the generation that it shows, and the one that Gardener has observed. */
  apply(shoot: Shoot): Shoot;
}

interface RecordedWrite {
  readonly change: Change;
  readonly before: Shoot;
  /** By our clock. */
  readonly at: Date;
  /** Accepted by the API, or seen in the spec. */
  readonly confirmed: boolean;
  readonly tracker: OperationTracker;
  /** It was seen complete: whoever changes these fields afterwards makes a change of their own. */
  readonly done: boolean;
}

interface ShootWrites {
  readonly uid: string;
  readonly writes: readonly RecordedWrite[];
}

/** For how long after a write a read may still show the spec from before it. */
const STALE_MS = 5 * 60_000;

export function createWriteGenerations(clock: Clock): WriteGenerations {
  const shoots = new Map<string, ShootWrites>();

  function writesTo({ ref, uid }: Shoot): readonly RecordedWrite[] {
    const known = shoots.get(shootId(ref));
    return known?.uid === uid ? known.writes : [];
  }

  function store({ ref, uid }: Shoot, writes: readonly RecordedWrite[]): void {
    shoots.set(shootId(ref), { uid, writes });
  }

  function add(change: Change, before: Shoot, answer: Shoot | undefined): number {
    const tracker = trackOperation(before, answer);
    const confirmed = answer !== undefined;
    const write: RecordedWrite = { change, before, at: clock.now(), confirmed, tracker, done: false };
    const shoot = answer ?? before;
    const writes = [...writesTo(shoot).filter((earlier) => earlier.confirmed), write];
    store(shoot, writes);
    return writes.length;
  }

  return {
    record(change, before, answer) {
      const generation = add(change, before, answer);
      return { ...withChange(answer, change), generation, observedGeneration: generation - 1 };
    },
    recordUnconfirmed(change, before) {
      add(change, before, undefined);
    },
    apply(shoot) {
      const known = writesTo(shoot);
      if (known.length === 0) return shoot;
      const now = clock.now();
      const updated = known.map((write) => update(write, shoot, now));
      store(shoot, updated);
      const writes = updated.filter(({ confirmed }) => confirmed);
      const generation = countLeading(writes, (write) => shows(shoot, write) || now >= staleUntil(write));
      const observed = countLeading(
        writes,
        (write) => shows(shoot, write) && contains(write.tracker, shoot.lastOperation),
      );
      return { ...shoot, generation, observedGeneration: Math.min(observed, generation) };
    },
  };
}

function update(write: RecordedWrite, shoot: Shoot, now: Date): RecordedWrite {
  const shown = shows(shoot, write);
  // The first read that shows an unconfirmed write takes the place of its answer: what runs by then may
  // have begun before the write.
  const tracker = updateTracker(write.tracker, shoot.lastOperation, shown && write.confirmed, now);
  const succeeded = shoot.lastOperation?.state === "Succeeded";
  return {
    ...write,
    confirmed: write.confirmed || shown,
    tracker,
    done: write.done || (shown && succeeded && contains(tracker, shoot.lastOperation)),
  };
}

function staleUntil({ at }: RecordedWrite): Date {
  return new Date(at.getTime() + STALE_MS);
}

function countLeading(writes: readonly RecordedWrite[], matches: (write: RecordedWrite) => boolean): number {
  const first = writes.findIndex((write) => !matches(write));
  return first === -1 ? writes.length : first;
}

/** No field of the change is as it was before; other values are later changes by somebody else. */
function shows(shoot: Shoot, { change, before, done }: RecordedWrite): boolean {
  const differs = (was: string | undefined, is: string | undefined, target: string | undefined) =>
    target === undefined || is === target || is !== was;
  return (
    done ||
    (differs(before.kubernetesVersion, shoot.kubernetesVersion, change.kubernetesVersion) &&
      change.workers.every(({ name, machineImage }) =>
        differs(imageOf(before, name), imageOf(shoot, name), machineImage?.version),
      ))
  );
}

function imageOf(shoot: Shoot, pool: string): string | undefined {
  return shoot.workers.find(({ name }) => name === pool)?.machineImage.version;
}

/** An accepted change is in the spec, even if the answer still shows the spec from before it. */
function withChange(shoot: Shoot, change: Change): Shoot {
  return {
    ...shoot,
    kubernetesVersion: change.kubernetesVersion ?? shoot.kubernetesVersion,
    workers: shoot.workers.map((pool) => {
      const image = change.workers.find(({ name }) => name === pool.name)?.machineImage;
      return image === undefined ? pool : { ...pool, machineImage: image };
    }),
  };
}
