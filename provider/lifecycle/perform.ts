/** create, update and delete: adopt a Shoot, perform what was checked, let go. */
import type { RolloutState } from "../model/enums";
import { describeProblem, reworded, UserError } from "../model/problem";
import { UNMANAGED, type Target } from "../model/plan";
import { shootId, type Shoot } from "../model/shoot";
import { describeHop, inSteps, pending, reached } from "../plan";
import { rollOut, type RolloutOutcome, type RolloutRequest } from "../rollout";
import { sentence } from "../rollout/text";
import { defaultRollout } from "../declaration/parse";
import { readShoot } from "./about";
import { nameOf, type Checked, type Host } from "./host";
import { isUnverified, lastVerified, outstanding } from "./diff";
import { anotherCluster, atRest, awaitsWindow, maybeUnfinished, running } from "./live";
import { decodeInputs, decodeState, inputsOf, type Inputs, type State } from "./state";
import { inspectNodes, mayBeBegun, standing, stateOfOldNodes, type NodeVersions } from "./verification";

export interface Created {
  /** `namespace/name`. */
  readonly id: string;
  readonly outs: State;
}

/** Takes over what runs. Writes only with `adopt: "upgrade"`. */
export async function create(host: Host, inputs: unknown): Promise<Created> {
  const wanted = decodeInputs(inputs);
  const checked = host.memory.recall(wanted.shootUid);
  const shoot = await readShoot(host, wanted);
  if (shoot.uid !== wanted.shootUid) throw anotherCluster(shoot, wanted.shootUid);
  const garden = host.garden(wanted.garden ?? {});
  const moving = pending(wanted, shoot).length > 0 || maybeUnfinished(shoot);
  const nodes = moving ? "unknown" : await inspectNodes(garden, shoot, undefined);
  const upgrades = checked?.declaration.adopt === "upgrade";
  // What an earlier run, broken off, has written is followed to its end.
  const unverified =
    !moving && checked?.declaration.rollout.wait !== false && mayBeBegun(nodes, garden, shoot);
  if (upgrades && (moving || unverified)) {
    const ran = running(shoot);
    try {
      return {
        id: wanted.shoot,
        outs: await perform(host, wanted, checked, shoot, ran, { unverified }),
      };
    } catch (error) {
      throw withHint(error, "The cluster is not adopted yet.");
    }
  }
  const target = checked?.target ?? wanted;
  const left = pending(target, shoot);
  const state = stateOfAdopted(left.length > 0 || awaitsWindow(shoot), nodes, shoot);
  if (checked !== undefined && left.length > 0) {
    const steps = inSteps(left, garden.capabilities)
      .map((hop) => describeHop(hop, shoot))
      .join(", then ");
    const name = nameOf(checked.urn);
    await host.log.info(
      checked.urn,
      `${name}: adopted as it runs. Pending, for the next \`pulumi up\`: ${steps}`,
    );
  }
  return { id: wanted.shoot, outs: stateOf(wanted, target, shoot, running(shoot), state) };
}

function stateOfAdopted(isPending: boolean, nodes: NodeVersions, shoot: Shoot): RolloutState {
  if (isPending) return "held";
  if (nodes === "old") return stateOfOldNodes(shoot);
  // Whoever wrote the versions: Gardener may still be rolling them out.
  return atRest(shoot) ? "upToDate" : "inProgress";
}

/** Performs what was checked, or what is left of it. */
export async function update(host: Host, oldState: unknown, inputs: unknown): Promise<{ outs: State }> {
  const olds = decodeState(oldState);
  const wanted = decodeInputs(inputs);
  const checked = host.memory.recall(wanted.shootUid);
  const shoot = await readShoot(host, wanted);
  if (shoot.uid !== wanted.shootUid) throw anotherCluster(shoot, wanted.shootUid);
  const begun = pending(wanted, shoot).length > 0 || outstanding(olds, checked, shoot);
  const unverified = !begun && (await isUnverified(host, olds, wanted, shoot));
  if (!begun && !unverified) {
    const garden = host.garden(wanted.garden ?? {});
    const { ran, state } = await standing(garden, { ...olds, target: wanted }, shoot);
    return { outs: stateOf(wanted, wanted, shoot, ran, state) };
  }
  const verification = { unverified, lastVerified: lastVerified(olds, checked) };
  return { outs: await perform(host, wanted, checked, shoot, olds, verification) };
}

/** Stops managing: the Shoot stays as it is, nothing is read or written. */
export function remove(): Promise<void> {
  return Promise.resolve();
}

async function perform(
  host: Host,
  wanted: Inputs,
  checked: Checked | undefined,
  shoot: Shoot,
  ranBefore: Target,
  verification: Pick<RolloutRequest, "unverified" | "lastVerified">,
): Promise<State> {
  const urn = checked?.urn ?? "";
  const outcome = await host.gate.run(
    shootId(shoot.ref),
    (text) => host.log.status(urn, text),
    async (turn) => {
      const performed = await rollOut(
        {
          ref: shoot.ref,
          uid: shoot.uid,
          target: wanted,
          checked: checked?.hops ?? [],
          ...verification,
          options: checked?.declaration.rollout ?? defaultRollout,
          label: checked === undefined ? shoot.ref.name : nameOf(checked.urn),
          position: host.memory.nextPosition(),
        },
        {
          garden: host.garden(wanted.garden ?? {}),
          clock: host.clock,
          status: (text) => host.log.status(urn, text),
          info: (text) => void host.log.info(urn, text),
          warn: (problem) => void host.log.warn(urn, describeProblem(problem)),
          assertRunning: () => host.engine.assertRunning(),
          async assertMayWrite() {
            await host.engine.assertRunning();
            turn.assertMayWrite();
          },
          signal: host.engine.gone,
        },
      );
      if (performed.kind === "written") turn.keepUntil(performed.completed);
      return performed;
    },
  );
  return stateAfter(outcome, wanted, ranBefore);
}

function stateAfter(outcome: RolloutOutcome, wanted: Inputs, ranBefore: Target): State {
  const { shoot } = outcome;
  switch (outcome.kind) {
    case "done":
    case "nothing":
      return stateOf(wanted, wanted, shoot, running(shoot), reached(wanted, shoot) ? "upToDate" : "held");
    case "written":
      return stateOf(wanted, wanted, shoot, ranBefore, "inProgress");
    case "held":
      return stateOf(wanted, wanted, shoot, atRest(shoot) ? running(shoot) : ranBefore, "held");
    case "confined":
      // Nothing of it runs before the maintenance window.
      return stateOf(wanted, wanted, shoot, ranBefore, "held");
  }
}

export function stateOf(
  wanted: Inputs,
  target: Target,
  shoot: Shoot,
  ran: Target,
  state: RolloutState,
): State {
  return {
    ...inputsOf(
      shoot,
      wanted.garden ?? {},
      {
        kubernetesVersion:
          ran.kubernetesVersion === UNMANAGED ? shoot.kubernetesVersion : ran.kubernetesVersion,
        workers: ran.workers,
      },
      wanted.apiServer,
    ),
    target: { kubernetesVersion: target.kubernetesVersion, workers: target.workers },
    state,
  };
}

function withHint(error: unknown, hint: string): unknown {
  return error instanceof UserError ? reworded(error, `${sentence(error.message)} ${hint}`) : error;
}
