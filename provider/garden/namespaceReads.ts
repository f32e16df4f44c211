/**
 * Reads of objects that belong to Shoots, shared by the resources of a program. Where more than a few of
 * a namespace are read, one list replaces the single reads, so that their number does not grow with the
 * number of Shoots. Such a list serves previews and decides what is pending: each write is tied to the
 * resourceVersion that it was planned on, or reads its Shoot anew where the garden has none.
 */
import type { Clock } from "../model/clock";
import type { ExpectedNamespace } from "../model/expectedReads";
import { UserError } from "../model/problem";
import { shootId, type ShootRef } from "../model/shoot";

export interface NamespaceReads<Value> {
  get(ref: ShootRef): Promise<Value>;
  /** The next read of the Shoot is sent to the garden, for this Shoot alone. */
  invalidate(ref: ShootRef): void;
  /** The namespaces and the Shoots that have been requested. */
  requested(): readonly ExpectedNamespace[];
  /** Starts the list if that many reads will be requested, and the reads themselves where there is none. */
  expect(expected: ExpectedNamespace): void;
}

/** What belongs to each Shoot of a namespace, by the Shoot's name, decoded when it is asked for. */
export type NamespaceList<Value> = ReadonlyMap<string, () => Value>;

export interface NamespaceSource<Value> {
  get(ref: ShootRef): Promise<Value>;
  /** Absent: there is no such request. */
  list?(namespace: string): Promise<NamespaceList<Value>>;
}

/** How long a single read is shared: check, diff and update of one resource request the same objects. */
export const READ_MS = 5_000;
/** How long a list is shared: the engine checks hundreds of resources one after the other. */
export const LIST_MS = 30_000;

interface Shared<Value> {
  readonly value: Promise<Value>;
  readonly until: number;
}

/** Undefined: it was refused, or failed. */
interface SharedList<Value> extends Shared<NamespaceList<Value> | undefined> {
  readonly since: number;
  isRefused?: true;
}

/** Up to this many of a namespace are read one by one: it may hold hundreds of Shoots that are not declared. */
const SINGLE_READS = 3;
/** Within this time; reads that come one by one over hours of rollouts need no list. */
const BURST_MS = 10_000;

/** @param readMs how long a single read is shared. */
export function createNamespaceReads<Value>(
  source: NamespaceSource<Value>,
  clock: Clock,
  readMs: number,
): NamespaceReads<Value> {
  const reads = new Map<string, Shared<Value>>();
  const lists = new Map<string, SharedList<Value>>();
  const singleReads = new Map<string, Map<string, number>>();
  const invalidated = new Map<string, number>();
  const requested = new Map<string, Set<string>>();

  /** The list that answers this read, if one does: a list from before the invalidation does not. */
  function listFor(ref: ShootRef, now: number): SharedList<Value> | undefined {
    const known = lists.get(ref.namespace);
    const isCurrent =
      known !== undefined && now < known.until && known.since > (invalidated.get(shootId(ref)) ?? -1);
    if (isCurrent) return known;
    const names = recentSingleReads(ref.namespace, now);
    names.set(ref.name, now);
    if (names.size <= SINGLE_READS) return undefined;
    names.clear();
    return startList(ref.namespace, now);
  }

  function startList(namespace: string, now: number): SharedList<Value> | undefined {
    const value = source.list?.(namespace).catch(withoutList);
    if (value === undefined) return undefined;
    const list: SharedList<Value> = { value, since: now, until: now + LIST_MS };
    lists.set(namespace, list);
    void value.then(
      (listed) => {
        if (listed === undefined) list.isRefused = true;
      },
      // Whoever needs it gets the error; of a list that is only expected nobody may.
      () => undefined,
    );
    return list;
  }

  function recentSingleReads(namespace: string, now: number): Map<string, number> {
    const names = singleReads.get(namespace) ?? new Map<string, number>();
    singleReads.set(namespace, names);
    for (const [name, time] of names) if (now - time > BURST_MS) names.delete(name);
    return names;
  }

  async function read(ref: ShootRef, list: SharedList<Value> | undefined): Promise<Value> {
    // What is not in the list is read for the sake of the error, which names what there is.
    const listed = (await list?.value)?.get(ref.name);
    return listed === undefined ? source.get(ref) : listed();
  }

  function get(ref: ShootRef): Promise<Value> {
    const id = shootId(ref);
    const now = clock.now().getTime();
    requested.set(ref.namespace, (requested.get(ref.namespace) ?? new Set()).add(ref.name));
    const known = reads.get(id);
    if (known !== undefined && now < known.until) return known.value;
    const list = listFor(ref, now);
    const shared = { value: read(ref, list), until: list?.until ?? now + readMs };
    reads.set(id, shared);
    shared.value.catch(() => {
      if (reads.get(id) === shared) reads.delete(id);
    });
    return shared.value;
  }

  return {
    get,
    invalidate(ref) {
      reads.delete(shootId(ref));
      invalidated.set(shootId(ref), clock.now().getTime());
    },
    requested: () =>
      [...requested].map(([namespace, names]) => ({
        namespace,
        shoots: names.size,
        ...(lists.get(namespace)?.isRefused === true && { names: [...names] }),
      })),
    expect({ namespace, shoots, names = [] }) {
      const now = clock.now().getTime();
      const isListed = now < (lists.get(namespace)?.until ?? -Infinity);
      if (shoots > SINGLE_READS && !isListed) startList(namespace, now);
      // Whoever needs it gets the error.
      for (const name of names) get({ namespace, name }).catch(() => undefined);
    },
  };
}

/** Without the permission to list, or where the list fails, each is read by itself. */
function withoutList(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
  return undefined;
}
