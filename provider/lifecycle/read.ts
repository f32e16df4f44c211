/** read: the truth for `pulumi refresh`, as outputs and as inputs. */
import { UserError } from "../model/problem";
import { observed, pending } from "../plan";
import { aboutShoot } from "./about";
import type { Host } from "./host";
import { stateOf } from "./perform";
import { awaitsWindow, running } from "./live";
import { decodeState, inputsOf, refOf, type Inputs, type State } from "./state";

/** With an empty id the engine forgets the resource: the cluster that was adopted is gone. */
export interface ReadResult {
  readonly id: string;
  readonly props?: State;
  readonly inputs?: Inputs;
}

const gone: ReadResult = { id: "" };

export async function read(host: Host, id: string, oldState: unknown): Promise<ReadResult> {
  const olds = decodeState(oldState);
  const garden = host.garden(olds.garden ?? {});
  let shoot;
  try {
    shoot = await garden.getShoot(refOf(olds.shoot));
  } catch (error) {
    if (error instanceof UserError && error.code === "GU010") return gone;
    throw error instanceof UserError ? aboutShoot(error, olds.shoot) : error;
  }
  // A cluster that was deleted and created again under the same name is not the one we manage.
  if (shoot.uid !== olds.shootUid) return gone;
  // What waits for its window does not run yet.
  const waits = olds.state === "held" && awaitsWindow(shoot);
  const ran = waits ? olds : running(shoot);
  const state = waits || pending(olds.target, shoot).length > 0 ? "held" : "upToDate";
  return {
    id,
    props: stateOf(olds, olds.target, shoot, ran, state),
    inputs: inputsOf(shoot, olds.garden ?? {}, observed(shoot, olds.target)),
  };
}
