/** What Gardener will do to a Shoot by itself, and when. */
import type { CloudProfile, OfferedVersion } from "../model/cloudprofile";
import type { Shoot, WorkerPool } from "../model/shoot";
import { effectiveKubernetesVersion } from "../model/shoot";
import type { AutomaticUpgrade } from "../model/upgrades";
import { find } from "./catalogue";
import { classify, expiryOf } from "./classification";
import { imageMaintenance, kubernetesMaintenance, type MaintenanceStep } from "./maintenance";
import { suitableVersions } from "./suitability";
import { isNewer } from "./versions";
import { nextWindow, type Period } from "./window";

/**
 * For the control plane, each pool with a version of its own and each pool's image: what happens in
 * the next maintenance window or, where nothing does, once the version has expired.
 */
export function forecast(shoot: Shoot, profile: CloudProfile, now: Date): readonly AutomaticUpgrade[] {
  const kubernetes = kubernetesForecast(shoot, profile, now);
  const pools = shoot.workers.flatMap((pool) => [
    ...pinForecast(pool, kubernetes, shoot, profile, now),
    ...imageForecast(pool, shoot, profile, now),
  ]);
  return [...(kubernetes ? [kubernetes] : []), ...pools];
}

/** The window in which Gardener comes next; it comes once in each. */
export function nextMaintenance(shoot: Shoot, after: Date): Period | undefined {
  const { timeWindow } = shoot.maintenance;
  const window = timeWindow && nextWindow(timeWindow, after);
  const done = shoot.lastMaintenance?.triggeredTime;
  return timeWindow && window && done && done >= window.begin ? nextWindow(timeWindow, window.end) : window;
}

function kubernetesForecast(shoot: Shoot, profile: CloudProfile, now: Date): AutomaticUpgrade | undefined {
  const automatic = shoot.maintenance.autoUpdate.kubernetesVersion;
  const subject = { current: shoot.kubernetesVersion, versions: profile.kubernetesVersions, automatic };
  const found = soonest(subject, shoot, now, (at) => kubernetesMaintenance(subject, at));
  return found && { kind: "kubernetes", from: shoot.kubernetesVersion, ...found };
}

function pinForecast(
  pool: WorkerPool,
  controlPlane: AutomaticUpgrade | undefined,
  shoot: Shoot,
  profile: CloudProfile,
  now: Date,
): readonly AutomaticUpgrade[] {
  const { kubernetesVersion: pin } = pool;
  if (pin === undefined) return [];
  const automatic = shoot.maintenance.autoUpdate.kubernetesVersion;
  const subject = { current: pin, versions: profile.kubernetesVersions, automatic };
  const found = soonest(subject, shoot, now, (at) => kubernetesMaintenance(subject, at));
  if (found === undefined) return [];
  // Gardener caps a pool at what the control plane runs by then.
  const moved = controlPlane !== undefined && controlPlane.notBefore <= found.notBefore;
  const cap = (moved ? controlPlane.to : undefined) ?? shoot.kubernetesVersion;
  const to = found.to !== undefined && isNewer(found.to, cap) ? cap : found.to;
  if (to !== undefined && !isNewer(to, pin)) return [];
  return [{ kind: "kubernetes", pool: pool.name, from: pin, ...found, ...(to !== undefined && { to }) }];
}

function imageForecast(
  pool: WorkerPool,
  shoot: Shoot,
  profile: CloudProfile,
  now: Date,
): readonly AutomaticUpgrade[] {
  const { name, version: current } = pool.machineImage;
  const image = profile.machineImages.find((candidate) => candidate.name === name);
  if (image === undefined) return [];
  // Images are computed before Kubernetes, hence against the kubelets that run.
  const suitable = suitableVersions(pool, effectiveKubernetesVersion(shoot, pool), profile);
  const automatic = shoot.maintenance.autoUpdate.machineImageVersion;
  const subject = { current, versions: image.versions, suitable, automatic };
  const found = soonest(subject, shoot, now, (at) => imageMaintenance(subject, image.updateStrategy, at));
  return found
    ? [{ kind: "machineImage", pool: pool.name, machineImage: name, from: current, ...found }]
    : [];
}

function soonest(
  { current, versions }: { readonly current: string; readonly versions: readonly OfferedVersion[] },
  shoot: Shoot,
  now: Date,
  step: (at: Date) => MaintenanceStep,
): Pick<AutomaticUpgrade, "to" | "reason" | "notBefore"> | undefined {
  const entry = find(versions, current);
  const expiry = entry && classify(entry, now) !== "expired" ? expiryOf(entry) : undefined;
  for (const moment of [now, ...(expiry && expiry > now ? [expiry] : [])]) {
    const begin = nextMaintenance(shoot, moment)?.begin;
    // A version has expired only after the moment that its date names.
    const at = new Date(Math.max(moment.getTime(), begin?.getTime() ?? 0) + 1);
    const found = step(at);
    if (found !== undefined) return dated(found, begin ?? moment);
  }
  return undefined;
}

function dated(
  step: NonNullable<MaintenanceStep>,
  begin: Date,
): Pick<AutomaticUpgrade, "to" | "reason" | "notBefore"> {
  const { to, reason } = step;
  return { ...(to !== undefined && { to }), reason, notBefore: begin.toISOString() };
}
