/** Rules for what a program declares, as the output `declaration` of a ShootVersions has it. */
import type * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "pulumi-gardener";

export type Declaration = pulumi.Unwrap<
  Pick<ShootVersionsArgs, "kubernetes" | "machineImage" | "workers" | "preflight">
>;

/** Channels among it that cross minors, in words: all but `patch` do. */
export function crossingChannels({ kubernetes, machineImage, workers = {} }: Declaration): string[] {
  return [
    ...crossing("kubernetes", kubernetes?.channel),
    ...crossing("machineImage", machineImage?.channel),
    ...Object.entries(workers).flatMap(([pool, worker]) =>
      crossing(`workers.${pool}.machineImage`, worker.machineImage?.channel),
    ),
  ];
}

function crossing(property: string, channel: string | undefined): string[] {
  if (channel === undefined || channel === "patch") return [];
  return [
    `${property}.channel is "${channel}", which crosses minors without a change of the program; in production use "patch" or a version.`,
  ];
}

const DAY_MS = 86_400_000;

/** Waivers among it without a date, or with one that is more than that many days away, in words. */
export function distantWaivers({ preflight }: Declaration, days: number, now: Date): string[] {
  return (preflight?.waivers ?? []).flatMap(({ check, until }) => {
    const date = new Date(until);
    if (Number.isNaN(date.getTime()))
      return [`The waiver for ${check} has no date; give until: "2027-01-31".`];
    if (date.getTime() - now.getTime() <= days * DAY_MS) return [];
    return [
      `The waiver for ${check} ends on ${until}, more than ${days} days from now; give an earlier date.`,
    ];
  });
}
