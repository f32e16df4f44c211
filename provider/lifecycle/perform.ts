/** create, update and delete: adopt a Shoot, perform what was checked, let go. */
import { isObservedAtLatestGenerationAndSucceeded } from "../model/operation";
import type { RolloutState } from "../model/enums";
import { describeProblem, reworded, UserError } from "../model/problem";
import { UNMANAGED, type Target } from "../model/plan";
import { shootId, type Shoot } from "../model/shoot";
import { describeStep, splitForGarden, pending, reached, specVersions } from "../plan";
import { rollOut, type RolloutOutcome, type RolloutRequest } from "../rollout";
import { sentence } from "../rollout/text";
import { defaultRollout } from "../declaration/parse";
import { readShoot } from "./errors";
import { nameOf, type Checked, type LifecycleContext } from "./context";
import { isUnverified, lastVerified, isUnfinished } from "./diff";
import { anotherCluster, awaitsWindow, maybeUnfinished } from "./status";
import { decodeInputs, decodeState, inputsOf, type Inputs, type State } from "./state";
import {
  inspectNodes,
  mayBeUnfinished,
  rolloutStatus,
  stateOfOutdatedNodes,
  type NodeVersions,
} from "./verification";

export interface Created {
  /** `namespace/name`. */
  readonly id: string;
  readonly outs: State;
}

/** Takes over what runs. Writes only with `adopt: "upgrade"`. */
export async function create(context: LifecycleContext, inputs: unknown): Promise<Created> {
  const wanted = decodeInputs(inputs);
  const checked = context.checked.get(wanted.shootUid);
  const shoot = await readShoot(context, wanted);
  if (shoot.uid !== wanted.shootUid) throw anotherCluster(shoot, wanted.shootUid);
  const garden = await context.garden(wanted.garden ?? {});
  const moving = pending(wanted, shoot).length > 0 || maybeUnfinished(shoot);
  const nodes = moving ? "unknown" : await inspectNodes(garden, shoot, undefined);
  const upgrades = checked?.declaration.adopt === "upgrade";
  // What an earlier run, broken off, has written is followed to its end.
  const unverified =
    !moving && checked?.declaration.rollout.wait !== false && mayBeUnfinished(nodes, garden, shoot);
  if (upgrades && (moving || unverified)) {
    const ran = specVersions(shoot);
    try {
      return {
        id: wanted.shoot,
        outs: await performRollout(context, wanted, checked, shoot, ran, { unverified }),
      };
    } catch (error) {
      throw withHint(error, "The cluster is not adopted yet.");
    }
  }
  const target = checked?.target ?? wanted;
  const left = pending(target, shoot);
  const state = stateOfAdopted(left.length > 0 || awaitsWindow(shoot), nodes, shoot);
  if (checked !== undefined && left.length > 0) {
    const steps = splitForGarden(left, garden.capabilities)
      .map((step) => describeStep(step, shoot))
      .join(", then ");
    const name = nameOf(checked.urn);
    await context.log.info(
      checked.urn,
      `${name}: adopted as it runs. Pending, for the next \`pulumi up\`: ${steps}`,
    );
  }
  return { id: wanted.shoot, outs: stateOf(wanted, target, shoot, specVersions(shoot), state) };
}

function stateOfAdopted(isPending: boolean, nodes: NodeVersions, shoot: Shoot): RolloutState {
  if (isPending) return "pending";
  if (nodes === "old") return stateOfOutdatedNodes(shoot);
  // Whoever wrote the versions: Gardener may still be rolling them out.
  return isObservedAtLatestGenerationAndSucceeded(shoot) ? "upToDate" : "inProgress";
}

/** Performs what was checked, or what is left of it. */
export async function update(
  context: LifecycleContext,
  oldState: unknown,
  inputs: unknown,
): Promise<{ outs: State }> {
  const olds = decodeState(oldState);
  const wanted = decodeInputs(inputs);
  const checked = context.checked.get(wanted.shootUid);
  const shoot = await readShoot(context, wanted);
  if (shoot.uid !== wanted.shootUid) throw anotherCluster(shoot, wanted.shootUid);
  const begun = pending(wanted, shoot).length > 0 || isUnfinished(olds, checked, shoot);
  const unverified = !begun && (await isUnverified(context, olds, wanted, shoot));
  if (!begun && !unverified) {
    const garden = await context.garden(wanted.garden ?? {});
    const { ran, state } = await rolloutStatus(garden, { ...olds, target: wanted }, shoot);
    return { outs: stateOf(wanted, wanted, shoot, ran, state) };
  }
  const verification = { unverified, lastVerified: lastVerified(olds, checked) };
  return { outs: await performRollout(context, wanted, checked, shoot, olds, verification) };
}

/** Stops managing: the Shoot stays as it is, nothing is read or written. */
export function remove(): Promise<void> {
  return Promise.resolve();
}

async function performRollout(
  context: LifecycleContext,
  wanted: Inputs,
  checked: Checked | undefined,
  shoot: Shoot,
  ranBefore: Target,
  verification: Pick<RolloutRequest, "unverified" | "lastVerified">,
): Promise<State> {
  const urn = checked?.urn ?? "";
  const outcome = await context.rolloutLimiter.run(
    shootId(shoot.ref),
    (text) => context.log.status(urn, text),
    async (turn) => {
      const performed = await rollOut(
        {
          ref: shoot.ref,
          uid: shoot.uid,
          target: wanted,
          checked: checked?.steps ?? [],
          ...verification,
          options: checked?.declaration.rollout ?? defaultRollout,
          label: checked === undefined ? shoot.ref.name : nameOf(checked.urn),
          position: context.checked.nextPosition(),
        },
        {
          garden: await context.garden(wanted.garden ?? {}),
          clock: context.clock,
          status: (text) => context.log.status(urn, text),
          info: (text) => void context.log.info(urn, text),
          warn: (problem) => void context.log.warn(urn, describeProblem(problem)),
          assertRunning: () => context.engine.assertRunning(),
          async assertMayWrite() {
            await context.engine.assertRunning();
            turn.assertMayWrite();
          },
          signal: context.engine.gone,
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
      return stateOf(
        wanted,
        wanted,
        shoot,
        specVersions(shoot),
        reached(wanted, shoot) ? "upToDate" : "pending",
      );
    case "written":
      return stateOf(wanted, wanted, shoot, ranBefore, "inProgress");
    case "held":
      return stateOf(
        wanted,
        wanted,
        shoot,
        isObservedAtLatestGenerationAndSucceeded(shoot) ? specVersions(shoot) : ranBefore,
        "pending",
      );
    case "confined":
      // Nothing of it runs before the maintenance window.
      return stateOf(wanted, wanted, shoot, ranBefore, "pending");
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
