/** What Gardener will do to a Shoot by itself, and when. */
import type { CloudProfile, OfferedVersion } from "../model/cloudprofile";
import type { Shoot } from "../model/shoot";
import { effectiveKubernetesVersion } from "../model/shoot";
import type { AutomaticUpgrade } from "../model/upgrades";
import { find } from "./catalogue";
import { expiryOf } from "./classification";
import { maintenanceRun, type MaintenanceChange } from "./maintenanceRun";
import { nextWindow, type Period } from "./window";

/**
 * For the control plane, each pool with a version of its own and each pool's image: what happens in
 * the next maintenance window or, where nothing does, once a running version has expired.
 */
export function forecast(shoot: Shoot, profile: CloudProfile, now: Date): readonly AutomaticUpgrade[] {
  const found = new Map<string, AutomaticUpgrade>();
  for (const moment of [now, ...expiries(shoot, profile, now)]) {
    const begin = nextMaintenance(shoot, moment)?.begin ?? moment;
    // A version has expired only after the moment that its date names.
    const at = new Date(Math.max(moment.getTime(), begin.getTime()) + 1);
    const { changes, refusal } = maintenanceRun(shoot, profile, at);
    for (const change of changes) {
      const subject = subjectOf(change);
      if (found.has(subject)) continue;
      const expires = change.reason === "expired" ? expiryOfRunning(change, profile) : undefined;
      found.set(subject, {
        ...change,
        removes: [...change.removes],
        ...(expires && { expires: expires.toISOString() }),
        ...(refusal !== undefined && { refusal }),
        notBefore: begin.toISOString(),
      });
    }
  }
  const order = [
    subjectOf({ kind: "kubernetes" }),
    ...shoot.workers.flatMap(({ name: pool }) => [
      subjectOf({ kind: "kubernetes", pool }),
      subjectOf({ kind: "machineImage", pool }),
    ]),
  ];
  return order.flatMap((subject) => found.get(subject) ?? []);
}

/** The window in which Gardener comes next; it comes once in each. */
export function nextMaintenance(shoot: Shoot, after: Date): Period | undefined {
  const { timeWindow } = shoot.maintenance;
  const window = timeWindow && nextWindow(timeWindow, after);
  const done = shoot.lastMaintenance?.triggeredTime;
  return timeWindow && window && done && done >= window.begin ? nextWindow(timeWindow, window.end) : window;
}

function subjectOf({ kind, pool }: Pick<MaintenanceChange, "kind" | "pool">): string {
  return `${kind} ${pool ?? ""}`;
}

/** When versions that run now expire later, in order. */
function expiries(shoot: Shoot, profile: CloudProfile, now: Date): readonly Date[] {
  const running = [
    runningEntry({ kind: "kubernetes", from: shoot.kubernetesVersion }, profile),
    ...shoot.workers.flatMap((pool) => [
      runningEntry({ kind: "kubernetes", from: effectiveKubernetesVersion(shoot, pool) }, profile),
      runningEntry(
        { kind: "machineImage", machineImage: pool.machineImage.name, from: pool.machineImage.version },
        profile,
      ),
    ]),
  ];
  const times = running.flatMap((entry) => (entry && expiryOf(entry)?.getTime()) ?? []);
  return [...new Set(times)]
    .filter((time) => time > now.getTime())
    .sort((a, b) => a - b)
    .map((time) => new Date(time));
}

function expiryOfRunning(change: MaintenanceChange, profile: CloudProfile): Date | undefined {
  const entry = runningEntry(change, profile);
  return entry && expiryOf(entry);
}

function runningEntry(
  { kind, machineImage, from }: Pick<MaintenanceChange, "kind" | "machineImage" | "from">,
  profile: CloudProfile,
): OfferedVersion | undefined {
  const versions =
    kind === "kubernetes"
      ? profile.kubernetesVersions
      : (profile.machineImages.find(({ name }) => name === machineImage)?.versions ?? []);
  return find(versions, from);
}
