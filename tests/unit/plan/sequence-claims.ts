/** What the property tests of sequences have in common. */
import * as fc from "fast-check";
import type { Step } from "../../../provider/model/plan";
import type { Shoot } from "../../../provider/model/shoot";
import { afterSteps } from "../../../provider/plan";
import { heldBackPools } from "../../../provider/plan/heldBack";
import { scenes, sequence, type SequenceScene } from "./sequence-scenes";

export const RUNS = { numRuns: 1_000 };

export function holds(check: (steps: readonly Step[], scene: SequenceScene) => void, oneByOne = false): void {
  fc.assert(
    fc.property(scenes(oneByOne), (scene) => {
      const steps = sequence(scene);
      if (steps !== undefined) check(steps, scene);
    }),
    RUNS,
  );
}

/** The Shoot before each step, and after the last. */
export function states(steps: readonly Step[], shoot: Shoot): readonly Shoot[] {
  return [shoot, ...steps.map((_, index) => afterSteps(shoot, steps.slice(0, index + 1)))];
}

export const isOurs = ({ kubernetesVersion: pin, name }: Shoot["workers"][number], shoot: Shoot) =>
  pin === undefined || heldBackPools(shoot).has(name);
