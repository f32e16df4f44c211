/**
 * Whether a write of a worker group has lowered a version. Cleura has no locking: who raises an image
 * between our read and our PUT loses it to what we send. An answer may still show what was before.
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

/** Throws where the answer or the next read shows that it has. */
export async function assertNotLowered(
  line: CleuraContext,
  before: Shoot,
  written: Written,
  answer: unknown,
): Promise<void> {
  const answered = attempt(() => decodeShoot(answer));
  const next = await readShoot(line, before.ref.name).catch(onlyUserErrors);
  const shown = [before, answered, next?.shoot].flatMap((shoot) =>
    shoot?.uid === before.uid ? [imagesOf(shoot)] : [],
  );
  for (const [index, images] of shown.entries()) {
    for (const [pool, version] of images) {
      const wanted = pool === written.pool ? written.version : undefined;
      const higher = shown
        .slice(0, index)
        .map((earlier) => earlier.get(pool))
        .find((earlier) => earlier !== undefined && isLower(version, earlier));
      // Going down to what was asked for from what was read is the change itself.
      const request = version === wanted && higher === imagesOf(before).get(pool);
      if (higher !== undefined && !request) throw lowered(before, pool, higher, version);
    }
  }
}

function lowered(shoot: Shoot, pool: string, from: string, to: string): UserError {
  return new UserError(
    "GU051",
    `${describeShoot(shoot.ref)}: the machine image of worker pool ${pool} went down from ${from} to ${to}: somebody else changed ` +
      "it at the moment of our write, and Cleura's API cannot lock a Shoot. The write was accepted. Compare the versions " +
      "with `pulumi preview`, and raise the declared version where a newer one was meant.",
  );
}

function imagesOf({ workers }: Shoot): ReadonlyMap<string, string> {
  return new Map(workers.map(({ name, machineImage }) => [name, machineImage.version]));
}

/** Versions of images are numbers with dots. */
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

function attempt<Value>(decode: () => Value): Value | undefined {
  try {
    return decode();
  } catch (error) {
    return onlyUserErrors(error);
  }
}

/** The write is accepted whatever comes after it. */
function onlyUserErrors(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
  return undefined;
}
