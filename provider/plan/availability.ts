/** What a plan reports beside its steps: when versions expire, which others are offered, what Gardener will do. */
import type { CloudProfile, MachineImageVersion, OfferedVersion } from "../model/cloudprofile";
import type { VersionClassification } from "../model/enums";
import type { Step } from "../model/plan";
import { describeMoment } from "../model/moment";
import type { Problem } from "../model/problem";
import { effectiveKubernetesVersion, shootId, type Shoot, type WorkerPool } from "../model/shoot";
import type { AutomaticUpgrade } from "../model/upgrades";
import { day, find, newest, newestFirst, withClassification } from "./catalogue";
import { classify, expiryOf } from "./classification";
import { forecast } from "./forecast";
import { unsuitable } from "./suitability";
import { isNewer, minorsBetween } from "./versions";

/** Gardener's dashboard warns this long before a version expires. */
const SOON = 30 * 86_400_000;

/** How many versions of an image a message lists. */
const SOME = 3;

/**
 * Which other versions are available, and what Gardener will do by itself: all of it is information.
 *
 * @param shoot after the plan.
 */
export function offers(shoot: Shoot, profile: CloudProfile, now: Date): readonly Problem[] {
  return [...available(shoot, profile, now), ...automatic(shoot, profile, now)];
}

/**
 * @param shoot after the plan.
 * @param steps of the plan: warnings about their versions were reported when these were chosen.
 */
export function lifetimes(
  shoot: Shoot,
  steps: readonly Step[],
  profile: CloudProfile,
  now: Date,
): readonly Problem[] {
  const moved = new Set(steps.flatMap(subjectsOf));
  const subjects = new Map<string, OfferedVersion>();
  const add = (name: string, version: string, versions: readonly OfferedVersion[]): void => {
    const entry = find(versions, version);
    if (entry !== undefined) subjects.set(`${name} ${version}`, entry);
  };
  add("Kubernetes", shoot.kubernetesVersion, profile.kubernetesVersions);
  for (const pool of shoot.workers) {
    const { name, version } = pool.machineImage;
    add("Kubernetes", effectiveKubernetesVersion(shoot, pool), profile.kubernetesVersions);
    add(name, version, profile.machineImages.find((image) => image.name === name)?.versions ?? []);
  }
  return [...subjects]
    .filter(([subject, entry]) => !moved.has(subject) || classify(entry, now) === "supported")
    .flatMap(([subject, entry]) => lifetime(subject, entry, shoot, now));
}

function subjectsOf({ kubernetes, pools }: Step): readonly string[] {
  return [
    ...(kubernetes ? [`Kubernetes ${kubernetes.to}`] : []),
    ...pools.flatMap(({ machineImage: image }) => (image ? [`${image.name} ${image.to}`] : [])),
  ];
}

function lifetime(subject: string, entry: OfferedVersion, shoot: Shoot, now: Date): readonly Problem[] {
  const classification = classify(entry, now);
  const expiry = expiryOf(entry);
  const soon = expiry !== undefined && expiry.getTime() - now.getTime() <= SOON;
  if (classification !== "deprecated" && classification !== "expired" && !soon) return [];
  const text = describeLifetime(subject, classification, expiry);
  const severity = soon || classification === "expired" ? "warning" : "info";
  return [{ code: "GU041", severity, message: `${shootId(shoot.ref)}: ${text}.` }];
}

/** How far a version is in its lifecycle: the end of a sentence that begins with the Shoot. */
export function describeLifetime(
  subject: string,
  classification: VersionClassification,
  expiry: Date | undefined,
): string {
  const until = expiry === undefined ? "" : day(expiry);
  switch (classification) {
    case "removed":
      return `the CloudProfile no longer offers ${subject}, and Gardener replaces it in a maintenance window`;
    case "expired":
      return `${subject} has expired${until && ` on ${until}`}, and Gardener replaces it in a maintenance window`;
    case "deprecated":
      return `${subject} is deprecated${until && ` until ${until}`}`;
    default:
      return `${subject} expires on ${until}`;
  }
}

function available(shoot: Shoot, profile: CloudProfile, now: Date): readonly Problem[] {
  const { kubernetesVersion: specVersion } = shoot;
  const supported = withClassification(profile.kubernetesVersions, now, "supported").filter(({ version }) =>
    isNewer(version, specVersion),
  );
  const kubernetes = [0, 1].flatMap(
    (minors) =>
      newest(supported.filter(({ version }) => minorsBetween(specVersion, version) === minors))?.version ??
      [],
  );
  const offered = new Map(
    profile.machineImages.map(({ name, versions }) => [
      name,
      newestFirst(withClassification(versions, now, "supported")),
    ]),
  );
  const images = new Set(
    shoot.workers.flatMap((pool) => {
      const { name } = pool.machineImage;
      const names = newestSuitable(offered.get(name) ?? [], shoot, pool, profile);
      return names.length > 0 ? [`${name} ${names.join(", ")}`] : [];
    }),
  );
  const names = [...(kubernetes.length > 0 ? [`Kubernetes ${kubernetes.join(", ")}`] : []), ...images];
  if (names.length === 0) return [];
  return [
    { code: "GU040", severity: "info", message: `${shootId(shoot.ref)}: available: ${names.join("; ")}.` },
  ];
}

/** A pool's image often has hundreds of versions, of which only these are examined further. */
function newestSuitable(
  supported: readonly MachineImageVersion[],
  shoot: Shoot,
  pool: WorkerPool,
  profile: CloudProfile,
): readonly string[] {
  const kubelet = effectiveKubernetesVersion(shoot, pool);
  const found: string[] = [];
  for (const version of supported) {
    if (found.length === SOME || !isNewer(version.version, pool.machineImage.version)) break;
    if (unsuitable(version, pool, kubelet, profile) === undefined) found.push(version.version);
  }
  return found;
}

function automatic(shoot: Shoot, profile: CloudProfile, now: Date): readonly Problem[] {
  const groups = new Map<string, { readonly upgrade: AutomaticUpgrade; readonly pools: string[] }>();
  for (const upgrade of forecast(shoot, profile, now)) {
    const key = describeForecast(upgrade, [], now);
    const group = groups.get(key) ?? { upgrade, pools: [] };
    if (upgrade.pool !== undefined) group.pools.push(upgrade.pool);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ upgrade, pools }) => ({
    code: "GU042",
    severity: "info",
    message: `${shootId(shoot.ref)}: ${describeForecast(upgrade, pools, now)}.`,
  }));
}

/** What Gardener will do by itself, when and why: a sentence without its full stop. */
export function describeForecast(upgrade: AutomaticUpgrade, pools: readonly string[], now: Date): string {
  const { machineImage = "Kubernetes", from, to, reason, notBefore, removes, refusal } = upgrade;
  const where = pools.length > 0 ? ` in ${pools.join(", ")}` : "";
  const when = `from ${describeMoment(new Date(notBefore))} on, because ${causeOf(upgrade, now)}`;
  if (to === undefined) {
    return `Gardener will try to replace ${machineImage} ${from}${where} ${when}, and finds no version; ask the garden's operator`;
  }
  return [
    `Gardener ${reason === "automatic" ? "updates" : "forces"} ${machineImage} ${from} → ${to}${where} ${when}`,
    ...(removes.length > 0 ? [`it removes ${removes.join(", ")} from the Shoot`] : []),
    ...(refusal === undefined ? [] : [`the API server will refuse this maintenance: ${refusal}`]),
  ].join("; ");
}

/** Why Gardener upgrades. */
export function causeOf({ from, reason, expires, pool }: AutomaticUpgrade, now: Date): string {
  switch (reason) {
    case "automatic":
      return "automatic updates are enabled";
    case "expired":
      if (expires === undefined) return `${from} has expired`;
      return `${from} ${new Date(expires) <= now ? "has expired" : "expires"} on ${expires.slice(0, 10)}`;
    case "removed":
      return `the CloudProfile does not offer ${from}${pool === undefined ? "" : " for the worker pool"}`;
  }
}
