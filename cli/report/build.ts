/** From a Shoot and its CloudProfile to its part of the report. */
import type { CloudProfile } from "../../provider/model/cloudprofile";
import type { PreflightResult } from "../../provider/model/preflight";
import { holdReason, type Shoot } from "../../provider/model/shoot";
import { summaryOf } from "../../provider/model/shootSummary";
import { statusOfSpec, upgrades } from "../../provider/plan";
import type { ReportedShoot } from "./model";
import { noticesFor } from "./notices";

export interface ReadShoot {
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
  readonly preflight?: PreflightResult;
}

export function reportShoot({ shoot, profile, preflight }: ReadShoot, now: Date): ReportedShoot {
  const found = upgrades(shoot, profile, now);
  const hold = holdReason(shoot);
  const reported = {
    ...summaryOf(shoot),
    ...found,
    ...(hold !== undefined && { hold }),
    workers: Object.fromEntries(
      Object.entries(found.workers).map(([name, worker]) => [
        name,
        { ...worker, kubernetes: statusOfSpec(worker.kubernetesVersion, profile.kubernetesVersions, now) },
      ]),
    ),
    ...(preflight !== undefined && { preflight }),
  };
  return { ...reported, notices: noticesFor(reported, now) };
}
