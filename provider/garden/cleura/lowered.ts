/**
 * Whether the write of a worker group has lowered a machine image. Cleura has no optimistic locking: a PUT
 * overwrites an image that somebody raises after our read. An answer may still show the Shoot from before.
 */
import { UserError } from "../../model/problem";
import type { Shoot } from "../../model/shoot";
import { describeShoot, type CleuraContext } from "./api";
import { decodeShoot } from "./decode";
import { readShoot } from "./read";

interface Written {
  readonly pool: string;
  readonly version: string;
}

/** Throws if the answer or the next read shows it. */
export async function assertNotLowered(
  context: CleuraContext,
  before: Shoot,
  written: Written,
  answer: unknown,
): Promise<void> {
  const answered = optional(() => decodeShoot(answer));
  const next = await readShoot(context, before.ref.name).catch(ignoreUserError);
  const shown = [before, answered, next?.shoot].flatMap((shoot) =>
    shoot?.uid === before.uid ? [imagesOf(shoot)] : [],
  );
  for (const [index, images] of shown.entries()) {
    for (const [pool, version] of images) {
      const target = pool === written.pool ? written.version : undefined;
      const higher = shown
        .slice(0, index)
        .map((earlier) => earlier.get(pool))
        .find((earlier) => earlier !== undefined && isLower(version, earlier));
      // From the version that was read to the target is the change itself.
      const isChange = version === target && higher === imagesOf(before).get(pool);
      if (higher !== undefined && !isChange) throw lowered(before, pool, higher, version);
    }
  }
}

function lowered(shoot: Shoot, pool: string, from: string, to: string): UserError {
  return new UserError(
    "GU051",
    `${describeShoot(shoot.ref)}: the machine image of worker pool ${pool} was lowered from ${from} to ${to}: somebody else changed ` +
      "it at the moment of our write, and Cleura's API has no locking. The write was accepted. Check the versions " +
      "with `pulumi preview`, and raise the declared version if the newer one was intended.",
  );
}

function imagesOf({ workers }: Shoot): ReadonlyMap<string, string> {
  return new Map(workers.map(({ name, machineImage }) => [name, machineImage.version]));
}

/** Versions of machine images are numbers separated by dots. */
function isLower(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split(".").map(Number));
  if (left === undefined || right === undefined) return false;
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (Number.isNaN(difference)) return false;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function optional<Value>(decode: () => Value): Value | undefined {
  try {
    return decode();
  } catch (error) {
    return ignoreUserError(error);
  }
}

/** The write is accepted, whatever comes after it. */
function ignoreUserError(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
  return undefined;
}
