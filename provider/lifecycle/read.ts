/** read: the live Shoot for `pulumi refresh`, as outputs and as inputs. */
import { assertAdopted } from "../model/adoption";
import { UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import { fillUnmanaged, managedVersions, specVersions } from "../plan";
import type { LifecycleContext } from "./context";
import { readShoot } from "./errors";
import { rolloutStatus } from "./nodes";
import { complete, outputsOf } from "./outputs";
import { gardenOf } from "./requiredWork";
import { decodeState, inputsOf, type Inputs, type State } from "./state";

/** With an empty id the engine removes the resource from state: the adopted cluster does not exist any more. */
export interface ReadResult {
  readonly id: string;
  readonly props?: State;
  readonly inputs?: Inputs;
}

export async function read(context: LifecycleContext, id: string, oldState: unknown): Promise<ReadResult> {
  const old = decodeState(oldState);
  const shoot = await readIfPresent(context, old);
  if (shoot === undefined) return { id: "" };
  // An error, and not an empty id: the next `pulumi up` would adopt the other cluster and could write it.
  assertAdopted(shoot, old.shootUid);
  const { observed, state } = await rolloutStatus(await gardenOf(context, old), old, shoot);
  const versions = managedVersions(fillUnmanaged(observed, specVersions(shoot)), old.target);
  return {
    id,
    props: complete(outputsOf(old, { shoot, observed, state }, old.target), old, context.clock.now()),
    inputs: inputsOf(shoot, old.garden ?? {}, versions, old.apiServer),
  };
}

async function readIfPresent(context: LifecycleContext, old: State): Promise<Shoot | undefined> {
  try {
    return await readShoot(context, old);
  } catch (error) {
    if (error instanceof UserError && error.code === "GU010") return undefined;
    throw error;
  }
}
