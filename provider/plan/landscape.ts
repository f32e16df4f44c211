/** All Shoots of a program as one plan: the message of a preview. */
import type { Step } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { count } from "../model/text";
import { summarizeStep } from "./describe";
import { countNodes, replacements } from "./steps";

export interface LandscapeShoot {
  readonly name: string;
  /** 1 where it waits for no other Shoot, otherwise one more than the latest of those. */
  readonly wave: number;
  readonly plan:
    /** @param start as in `after canary, not before 2026-12-03 09:12 UTC`. */
    | {
        readonly kind: "pending";
        readonly steps: readonly Step[];
        readonly shoot: Shoot;
        readonly start: string;
      }
    | { readonly kind: "upToDate" }
    /** Its versions depend on what this preview does not know, or it cannot be read. */
    | { readonly kind: "unknown" };
}

/** By wave a line for each Shoot with something pending; the others together. */
export function describeLandscape(shoots: readonly LandscapeShoot[]): string {
  const pending = shoots.filter(({ plan }) => plan.kind === "pending");
  const waves = [...new Set(pending.map(({ wave }) => wave))].sort((a, b) => a - b);
  return [
    `${count(shoots.length, "Shoot")}: ${pending.length} pending`,
    ...waves.flatMap((wave) => [
      `wave ${wave}`,
      ...pending.filter((shoot) => shoot.wave === wave).flatMap((shoot) => lineOf(shoot)),
    ]),
    ...together(shoots, "upToDate", "nothing pending"),
    ...together(shoots, "unknown", "not known in this preview"),
  ].join("\n");
}

function lineOf({ name, plan }: LandscapeShoot): readonly string[] {
  if (plan.kind !== "pending") return [];
  const { steps, shoot, start } = plan;
  const what = steps.map(summarizeStep).join(", then ");
  return [`  ${name}: ${what}; ${nodesReplaced(steps, shoot)}; ${start}`];
}

function nodesReplaced(steps: readonly Step[], shoot: Shoot): string {
  const times = replacements(steps);
  const pools = shoot.workers.filter(({ name }) => times.has(name));
  if (pools.length === 0) return "no nodes replaced";
  return `${countNodes(pools, (index) => times.get(pools[index]?.name ?? "") ?? 0)} replaced`;
}

function together(
  shoots: readonly LandscapeShoot[],
  kind: LandscapeShoot["plan"]["kind"],
  heading: string,
): readonly string[] {
  const names = shoots.filter(({ plan }) => plan.kind === kind).map(({ name }) => name);
  return names.length === 0 ? [] : [`${heading}: ${names.join(", ")}`];
}
