/**
 * The namespace of the project's Shoots. It is one for all of them, since a Gardener project has one
 * (Project.spec.namespace), and only a Shoot shows it: the first one that is named.
 */
import type { Shoot } from "../../model/shoot";
import type { CleuraContext } from "./api";
import { readShoot } from "./read";

export interface ProjectNamespace {
  /** Reads the named Shoot where the namespace is not known yet. */
  find(name: string): Promise<string>;
  /** The Shoot that was just read for its namespace, once. */
  takeShoot(name: string): Shoot | undefined;
}

/** Whoever locates a Shoot reads it next: later reads are of another phase. */
const TAKEN_WITHIN_MS = 1_000;

export function createProjectNamespace(context: CleuraContext): ProjectNamespace {
  let known: Promise<string> | undefined;
  let latest: { readonly shoot: Shoot; readonly until: number } | undefined;
  const now = () => context.clock.now().getTime();

  async function read(name: string): Promise<string> {
    const { shoot } = await readShoot(context, name);
    latest = { shoot, until: now() + TAKEN_WITHIN_MS };
    return shoot.ref.namespace;
  }

  function readFirst(name: string): Promise<string> {
    const first = read(name);
    known = first;
    first.catch(() => {
      if (known === first) known = undefined;
    });
    return first;
  }

  return {
    async find(name) {
      if (known === undefined) return readFirst(name);
      // The first Shoot may not exist; the error names that one.
      return known.catch(() => readFirst(name));
    },
    takeShoot(name) {
      const found = latest;
      if (found?.shoot.ref.name !== name) return undefined;
      latest = undefined;
      return now() < found.until ? found.shoot : undefined;
    },
  };
}
