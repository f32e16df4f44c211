/**
 * Rules for declarations. A policy pack sees the versions that a declaration resolves to, and not the declaration itself: these
 * rules run in the program, before anything is registered:
 *
 *     new gardener.ShootVersions("web", checked({ shoot: { … }, kubernetes: { channel: "patch" } }, rules));
 */
import * as pulumi from "@pulumi/pulumi";
import type { ShootArgs, ShootVersionsArgs } from "pulumi-gardener";

export type Declared = pulumi.Unwrap<ShootVersionsArgs>;

export interface Rules {
  readonly isProduction: (shoot: pulumi.Unwrap<ShootArgs>) => boolean;
  /** How far away the date of a waiver may be. Default 90. */
  readonly maxWaiverDays?: number;
}

/** The declaration, where it keeps to the rules. */
export function checked(declared: Declared, rules: Rules): Declared {
  const violations = violationsOf(declared, rules, new Date());
  if (violations.length > 0) {
    throw new pulumi.RunError(`${declared.shoot.name ?? declared.shoot.id ?? ""}: ${violations.join(" ")}`);
  }
  return declared;
}

export function violationsOf(declared: Declared, rules: Rules, now: Date): string[] {
  const { shoot, kubernetes, machineImage, workers = {}, preflight } = declared;
  const channels = rules.isProduction(shoot)
    ? [
        ...crossing("kubernetes", kubernetes?.channel),
        ...crossing("machineImage", machineImage?.channel),
        ...Object.entries(workers).flatMap(([pool, worker]) =>
          crossing(`workers.${pool}.machineImage`, worker.machineImage?.channel),
        ),
      ]
    : [];
  const waivers = (preflight?.waivers ?? []).flatMap(({ check, until }) =>
    waiver(check, until, rules.maxWaiverDays ?? 90, now),
  );
  return [...channels, ...waivers];
}

/** All channels but `patch` cross minors by themselves. */
function crossing(property: string, channel: string | undefined): string[] {
  if (channel === undefined || channel === "patch") return [];
  return [
    `${property}.channel is "${channel}", which crosses minors without a change of the program; in production use "patch" or a version.`,
  ];
}

const DAY_MS = 86_400_000;

function waiver(check: string, until: string | undefined, days: number, now: Date): string[] {
  const date = new Date(until ?? "");
  if (Number.isNaN(date.getTime())) return [`The waiver for ${check} has no date; give until: "2027-01-31".`];
  if (date.getTime() - now.getTime() <= days * DAY_MS) return [];
  return [`The waiver for ${check} ends on ${until}, more than ${days} days from now; give an earlier date.`];
}
