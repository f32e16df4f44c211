/**
 * Generations for Shoots that come without: our own writes, counted. So a change is done here by the
 * same rule as on a Gardener API server.
 */
import type { Clock } from "../../model/clock";
import type { Change } from "../../model/plan";
import { shootId, type Shoot } from "../../model/shoot";
import { contains, evidenceAt, lookAt, type Evidence } from "./evidence";

export interface Ledger {
  /**
   * Counts a write. `before` was read right before it, `answer` may be of before it as well. Returns
   * the Shoot as it was accepted.
   */
  wrote(change: Change, before: Shoot, answer: Shoot): Shoot;
  /** The Shoot as told, with the generation of what is told and the one that Gardener has taken up. */
  seen(told: Shoot): Shoot;
}

interface Write {
  readonly change: Change;
  readonly before: Shoot;
  /** By our clock. */
  readonly at: Date;
  readonly evidence: Evidence;
  /** It has been seen done: whatever becomes of the specification is somebody else's change. */
  readonly done: boolean;
}

/** For how long after a write a read may still show the specification from before it. */
const STALE_MS = 5 * 60_000;

export function createLedger(clock: Clock): Ledger {
  const pages = new Map<string, { readonly uid: string; writes: readonly Write[] }>();

  function pageOf({ ref, uid }: Shoot) {
    const known = pages.get(shootId(ref));
    return known?.uid === uid ? known : undefined;
  }

  return {
    wrote(change, before, answer) {
      const page = pageOf(answer) ?? { uid: answer.uid, writes: [] };
      const write = { change, before, at: clock.now(), evidence: evidenceAt(before, answer), done: false };
      page.writes = [...page.writes, write];
      pages.set(shootId(answer.ref), page);
      const count = page.writes.length;
      return { ...withChange(answer, change), generation: count, observedGeneration: count - 1 };
    },
    seen(told) {
      const page = pageOf(told);
      if (page === undefined) return told;
      const now = clock.now();
      page.writes = page.writes.map((write) => look(write, told, now));
      const generation = countUntil(page.writes, (write) => shows(told, write) || now >= staleUntil(write));
      const taken = countUntil(
        page.writes,
        (write) => shows(told, write) && contains(write.evidence, told.lastOperation),
      );
      return { ...told, generation, observedGeneration: Math.min(taken, generation) };
    },
  };
}

function look(write: Write, told: Shoot, now: Date): Write {
  const shown = shows(told, write);
  const evidence = lookAt(write.evidence, told.lastOperation, shown, now);
  const ended = told.lastOperation?.state === "Succeeded";
  return {
    ...write,
    evidence,
    done: write.done || (shown && ended && contains(evidence, told.lastOperation)),
  };
}

function staleUntil({ at }: Write): Date {
  return new Date(at.getTime() + STALE_MS);
}

function countUntil(writes: readonly Write[], holds: (write: Write) => boolean): number {
  const first = writes.findIndex((write) => !holds(write));
  return first === -1 ? writes.length : first;
}

/** No field of the change is as it was before; what somebody has since made of it is theirs. */
function shows(told: Shoot, { change, before, done }: Write): boolean {
  const differs = (was: string | undefined, is: string | undefined, wanted: string | undefined) =>
    wanted === undefined || is === wanted || is !== was;
  return (
    done ||
    (differs(before.kubernetesVersion, told.kubernetesVersion, change.kubernetesVersion) &&
      change.workers.every(({ name, machineImage }) =>
        differs(imageOf(before, name), imageOf(told, name), machineImage?.version),
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
