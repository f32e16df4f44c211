/**
 * Generations for Shoots that come without: our own writes, counted. So a change is done here by the
 * same rule as on a Gardener API server.
 */
import type { Clock } from "../../../model/clock";
import type { Change } from "../../../model/plan";
import { shootId, type Shoot } from "../../../model/shoot";
import { contains, trackOperation, updateTracker, type OperationTracker } from "./operationTracker";

export interface WriteGenerations {
  /**
   * Counts a write. `before` was read right before it, `answer` may be of before it as well. Returns
   * the Shoot as it was accepted.
   */
  record(change: Change, before: Shoot, answer: Shoot): Shoot;
  /** The Shoot as told, with the generation of what is told and the one that Gardener has taken up. */
  apply(response: Shoot): Shoot;
}

interface RecordedWrite {
  readonly change: Change;
  readonly before: Shoot;
  /** By our clock. */
  readonly at: Date;
  readonly evidence: OperationTracker;
  /** It has been seen done: whatever becomes of the specification is somebody else's change. */
  readonly done: boolean;
}

/** For how long after a write a read may still show the specification from before it. */
const STALE_MS = 5 * 60_000;

export function createWriteGenerations(clock: Clock): WriteGenerations {
  const pages = new Map<string, { readonly uid: string; writes: readonly RecordedWrite[] }>();

  function pageOf({ ref, uid }: Shoot) {
    const known = pages.get(shootId(ref));
    return known?.uid === uid ? known : undefined;
  }

  return {
    record(change, before, answer) {
      const page = pageOf(answer) ?? { uid: answer.uid, writes: [] };
      const write = {
        change,
        before,
        at: clock.now(),
        evidence: trackOperation(before, answer),
        done: false,
      };
      page.writes = [...page.writes, write];
      pages.set(shootId(answer.ref), page);
      const count = page.writes.length;
      return { ...withChange(answer, change), generation: count, observedGeneration: count - 1 };
    },
    apply(response) {
      const page = pageOf(response);
      if (page === undefined) return response;
      const now = clock.now();
      page.writes = page.writes.map((write) => look(write, response, now));
      const generation = countUntil(
        page.writes,
        (write) => shows(response, write) || now >= staleUntil(write),
      );
      const taken = countUntil(
        page.writes,
        (write) => shows(response, write) && contains(write.evidence, response.lastOperation),
      );
      return { ...response, generation, observedGeneration: Math.min(taken, generation) };
    },
  };
}

function look(write: RecordedWrite, response: Shoot, now: Date): RecordedWrite {
  const shown = shows(response, write);
  const tracker = updateTracker(write.evidence, response.lastOperation, shown, now);
  const ended = response.lastOperation?.state === "Succeeded";
  return {
    ...write,
    evidence: tracker,
    done: write.done || (shown && ended && contains(tracker, response.lastOperation)),
  };
}

function staleUntil({ at }: RecordedWrite): Date {
  return new Date(at.getTime() + STALE_MS);
}

function countUntil(writes: readonly RecordedWrite[], holds: (write: RecordedWrite) => boolean): number {
  const first = writes.findIndex((write) => !holds(write));
  return first === -1 ? writes.length : first;
}

/** No field of the change is as it was before; what somebody has since made of it is theirs. */
function shows(response: Shoot, { change, before, done }: RecordedWrite): boolean {
  const differs = (was: string | undefined, is: string | undefined, wanted: string | undefined) =>
    wanted === undefined || is === wanted || is !== was;
  return (
    done ||
    (differs(before.kubernetesVersion, response.kubernetesVersion, change.kubernetesVersion) &&
      change.workers.every(({ name, machineImage }) =>
        differs(imageOf(before, name), imageOf(response, name), machineImage?.version),
      ))
  );
}

function imageOf(shoot: Shoot, pool: string): string | undefined {
  return shoot.workers.find(({ name }) => name === pool)?.machineImage.version;
}

/** An accepted change is in the specification, also where the answer shows that of before. */
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
