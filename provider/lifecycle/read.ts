/** read: the truth for `pulumi refresh`, as outputs and as inputs. */
import { managedVersions, specVersions, fillUnmanaged } from "../plan";
import { UserError } from "../model/problem";
import { readShoot } from "./errors";
import type { LifecycleContext } from "./context";
import { stateOf } from "./perform";
import { anotherCluster } from "./status";
import { rolloutStatus } from "./verification";
import { decodeState, inputsOf, type Inputs, type State } from "./state";

/** With an empty id the engine forgets the resource: the cluster that was adopted is gone. */
export interface ReadResult {
  readonly id: string;
  readonly props?: State;
  readonly inputs?: Inputs;
}

const gone: ReadResult = { id: "" };

export async function read(context: LifecycleContext, id: string, oldState: unknown): Promise<ReadResult> {
  const olds = decodeState(oldState);
  let shoot;
  try {
    shoot = await readShoot(context, olds);
  } catch (error) {
    if (error instanceof UserError && error.code === "GU010") return gone;
    throw error;
  }
  // Never silently: an adoption would follow, and with `adopt: "upgrade"` a write.
  if (shoot.uid !== olds.shootUid) throw anotherCluster(shoot, olds.shootUid);
  const { ran, state } = await rolloutStatus(await context.garden(olds.garden ?? {}), olds, shoot);
  return {
    id,
    props: stateOf(olds, olds.target, shoot, ran, state),
    inputs: inputsOf(
      shoot,
      olds.garden ?? {},
      managedVersions(fillUnmanaged(ran, specVersions(shoot)), olds.target),
      olds.apiServer,
    ),
  };
}
