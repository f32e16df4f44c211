import type { Garden, ShootNode } from "../garden/garden";
import type { Shoot } from "../model/shoot";

/**
 * The nodes of Shoots as they were read last, kept for as long as the Shoot does not change: diff and
 * update of one run compare the same list. Nothing is written because of it: a rollout reads the nodes
 * itself, and nodes that run the spec do not return to an older version while the Shoot stays the same.
 */
export class NodeLists {
  readonly #lists = new Map<
    string,
    { readonly resourceVersion: string; readonly nodes: readonly ShootNode[] }
  >();

  /** Undefined where the nodes are not visible. */
  async read(garden: Garden, shoot: Shoot): Promise<readonly ShootNode[] | undefined> {
    const known = this.#lists.get(shoot.uid);
    if (known?.resourceVersion === shoot.resourceVersion) return known.nodes;
    const nodes = await readNodes(garden, shoot);
    if (nodes !== undefined) this.#lists.set(shoot.uid, { resourceVersion: shoot.resourceVersion, nodes });
    return nodes;
  }

  /** The list proves nothing: it is read again the next time. */
  forget({ uid }: Shoot): void {
    this.#lists.delete(uid);
  }
}

async function readNodes(garden: Garden, shoot: Shoot): Promise<readonly ShootNode[] | undefined> {
  const cluster = await garden.openCluster(shoot);
  return cluster?.nodes();
}
