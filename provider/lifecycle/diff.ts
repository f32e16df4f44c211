/** diff: is there something to do on the live Shoot? The engine itself compares and names what differs. */
import { observed, pending } from "../plan";
import type { Host } from "./host";
import { outstanding } from "./live";
import { containsUnknown, decodeInputs, decodeState, refOf, sameGarden, sameTarget } from "./state";

export interface DiffResult {
  /** Absent: the engine compares old and new inputs. */
  readonly changes?: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

const compare: DiffResult = {};

export async function diff(host: Host, oldState: unknown, newInputs: unknown): Promise<DiffResult> {
  if (containsUnknown(newInputs)) return compare;
  const olds = decodeState(oldState);
  const wanted = decodeInputs(newInputs);
  // Another cluster: adopt that one, let go of this one. Neither step touches a Shoot.
  if (olds.shoot !== wanted.shoot) return { replaces: ["shoot"], deleteBeforeReplace: false };
  if (!sameGarden(olds.garden, wanted.garden)) return compare;

  const shoot = await host.garden(wanted.garden ?? {}).getShoot(refOf(wanted.shoot));
  if (pending(wanted, shoot).length > 0 || outstanding(olds, wanted, shoot)) {
    const before = host.memory.recall(wanted.garden, wanted.shoot)?.oldInputs;
    // With equal inputs the engine would see nothing to do.
    return before !== undefined && sameTarget(before, wanted) ? { changes: true } : compare;
  }
  return sameTarget(observed(shoot, wanted), wanted) ? { changes: false } : compare;
}
