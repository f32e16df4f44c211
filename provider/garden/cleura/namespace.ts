/**
 * The namespace of the project's Shoots. It is one for all of them, since a Gardener project has one
 * (Project.spec.namespace), and only a Shoot shows it: the first one that is named.
 */
import type { Clock } from "../../model/clock";
import type { Shoot } from "../../model/shoot";

export interface ProjectNamespace {
  /** Reads the named Shoot where the namespace is not known yet. */
  find(name: string): Promise<string>;
  /** The Shoot that was just read for its namespace, once. */
  takeShoot(name: string): Shoot | undefined;
}

/** Whoever locates a Shoot reads it next: later reads are of another phase. */
const TAKEN_WITHIN_MS = 1_000;

export function createProjectNamespace(
  readShoot: (name: string) => Promise<Shoot>,
  clock: Clock,
): ProjectNamespace {
  let known: Promise<string> | undefined;
  let latest: { readonly shoot: Shoot; readonly until: number } | undefined;
  const now = () => clock.now().getTime();

  async function read(name: string): Promise<string> {
    const shoot = await readShoot(name);
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

type NamedProject =
  | { readonly kind: "namespace"; readonly namespace: string }
  | { readonly kind: "project"; readonly project: string }
  /** None: the garden's location alone names the project. */
  | { readonly kind: "name" | "garden" };

/** The project or namespace that is named, where it is not the one that the garden's location names. */
export function contradiction(
  { projectId }: { readonly projectId: string },
  named: NamedProject,
  namespace: string,
): string | undefined {
  switch (named.kind) {
    case "namespace":
      return named.namespace === namespace ? undefined : `the namespace ${named.namespace}`;
    case "project":
      return namespace === `garden-${named.project}` || named.project === projectId
        ? undefined
        : `the project ${named.project}`;
    case "name":
    case "garden":
      return undefined;
  }
}
