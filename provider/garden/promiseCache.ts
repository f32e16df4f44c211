/** Promises by key, so that calls at the same time share one. A rejected promise is removed at once. */
import type { Clock } from "../model/clock";

export interface PromiseCache<Value> {
  get(key: string, create: () => Promise<Value>): Promise<Value>;
  delete(key: string): void;
}

/** @param ttlMs how long a promise is shared, from its creation. */
export function createPromiseCache<Value>(clock: Clock, ttlMs = Infinity): PromiseCache<Value> {
  const cached = new Map<string, { readonly value: Promise<Value>; readonly until: number }>();
  return {
    get(key, create) {
      const now = clock.now().getTime();
      const known = cached.get(key);
      if (known !== undefined && now < known.until) return known.value;
      const entry = { value: create(), until: now + ttlMs };
      cached.set(key, entry);
      entry.value.catch(() => {
        if (cached.get(key) === entry) cached.delete(key);
      });
      return entry.value;
    },
    delete(key) {
      cached.delete(key);
    },
  };
}
