/** Reads what a report is made of. What cannot be read is listed as not visible, and the rest is reported. */
import type { Garden, ShootScope } from "../../provider/garden/garden";
import type { CloudProfile } from "../../provider/model/cloudprofile";
import type { PreflightResult } from "../../provider/model/preflight";
import { describeProblem, UserError } from "../../provider/model/problem";
import { shootId, type Shoot } from "../../provider/model/shoot";
import type { ReadShoot } from "./build";
import type { NotVisible } from "./model";
import { listShoots } from "./list";

export interface ReadGarden {
  readonly shoots: readonly ReadShoot[];
  /** By name; a NamespacedCloudProfile as `namespace/name`. */
  readonly profiles: ReadonlyMap<string, CloudProfile>;
  readonly notVisible: readonly NotVisible[];
}

export interface Reading {
  /** Empty: all that the user may see. */
  readonly scopes: readonly ShootScope[];
  /** Absent: no preflight checks. */
  readonly preflight?: (shoot: Shoot, profile: CloudProfile) => Promise<PreflightResult>;
  readonly progress: (text: string) => void;
}

/** Shoots that are read at once: preflight checks list the pods of each. */
const AT_ONCE = 5;

export async function readGarden(garden: Garden, reading: Reading): Promise<ReadGarden> {
  const { scopes, preflight, progress } = reading;
  progress("Reading the list of Shoots");
  const listed = await listShoots(garden, scopes);
  const notVisible: NotVisible[] = [...listed.notVisible];
  const profiles = new Map<string, CloudProfile>();
  const read: (ReadShoot | undefined)[] = [];
  let done = 0;
  async function readShoot(shoot: Shoot, index: number): Promise<void> {
    const what = `Shoot ${shootId(shoot.ref)}`;
    try {
      const profile = await garden.getCloudProfile(shoot);
      profiles.set(profileId(shoot), profile);
      const result = await preflight?.(shoot, profile);
      read[index] = { shoot, profile, ...(result && { preflight: result }) };
      notVisible.push(...hiddenChecks(what, result));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notVisible.push({ what, reason: describeProblem(error) });
    }
    done += 1;
    progress(`Read ${done} of ${listed.shoots.length} Shoots`);
  }
  const rest = listed.shoots.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [index, shoot] of rest) await readShoot(shoot, index);
    }),
  );
  return { shoots: read.filter((one) => one !== undefined), profiles, notVisible };
}

function profileId({ ref, cloudProfile: { kind, name } }: Shoot): string {
  return kind === "CloudProfile" ? name : `${ref.namespace}/${name}`;
}

/** One entry for each reason: mostly it is one right that is missing for all checks. */
function hiddenChecks(shoot: string, result: PreflightResult | undefined): readonly NotVisible[] {
  const byReason = new Map<string, string[]>();
  for (const { check, notVisible } of result?.checks ?? []) {
    for (const reason of notVisible) byReason.set(reason, [...(byReason.get(reason) ?? []), check]);
  }
  return [...byReason].map(([reason, checks]) => ({
    what: `${shoot}: preflight ${checks.join(", ")}`,
    reason,
  }));
}
