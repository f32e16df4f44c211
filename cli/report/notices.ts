/** What a report says of a Shoot: one notice for each matter, in words and as data. */
import type { Finding } from "../../provider/model/preflight";
import type { AutomaticUpgrade, VersionStatus } from "../../provider/model/upgrades";
import { causeOf, describeForecast, describeLifetime, sameMajor, sameMinor } from "../../provider/plan";
import { fingerprint } from "../../provider/preflight";
import {
  distances,
  findingCodes,
  noticeCodes,
  type AvailableNotice,
  type Distance,
  type FindingNotice,
  type LifetimeNotice,
  type Notice,
  type NoticeLevel,
  type ReportedShoot,
  type UpgradeNotice,
} from "./model";

/** Gardener's dashboard warns this long before a version expires. */
const SOON_MS = 30 * 86_400_000;

/** What has a version: the control plane, the kubelets of a pool with a version of its own, the image of a pool. */
interface Subject {
  readonly pool?: string;
  readonly machineImage?: string;
  readonly current: VersionStatus;
  /** Newer ones, newest first. */
  readonly available: readonly VersionStatus[];
}

type Noticed = Omit<ReportedShoot, "notices">;

export function noticesFor(shoot: Noticed, now: Date): readonly Notice[] {
  const subjects = subjectsOf(shoot);
  return [
    ...subjects.flatMap((subject) => available(shoot, subject)),
    ...subjects.flatMap((subject) => lifetime(shoot, subject, now)),
    ...shoot.forecast.map((upgrade) => upgradeByGardener(shoot, upgrade, now)),
    ...(shoot.preflight?.findings ?? []).map((found) => findingNotice(shoot, found)),
  ];
}

function subjectsOf({ kubernetes, workers }: Noticed): readonly Subject[] {
  return [
    { current: kubernetes.current, available: [...kubernetes.minors, ...kubernetes.patches] },
    ...Object.entries(workers).flatMap(([pool, worker]): Subject[] => [
      // Its version is raised in the Shoot alone: nothing is available for it here.
      ...(worker.pinned ? [{ pool, current: worker.kubernetes, available: [] }] : []),
      { pool, machineImage: worker.machineImage.name, ...worker.machineImage },
    ]),
  ];
}

/** The newest supported version at each distance. */
function available(shoot: Noticed, subject: Subject): readonly AvailableNotice[] {
  const from = subject.current.version;
  const supported = subject.available.filter(({ classification }) => classification === "supported");
  return distances.flatMap((distance) => {
    const newest = supported.find(({ version }) => distanceOf(from, version) === distance);
    if (newest === undefined) return [];
    return {
      kind: "available",
      code: noticeCodes.available,
      level: "note",
      ...about(shoot, subject, "available", newest.version),
      to: newest.version,
      distance,
      message: `${shoot.shoot}: ${nameOf(subject)} ${newest.version} is available${inPool(subject)}; it runs ${from}.`,
    };
  });
}

function distanceOf(from: string, to: string): Distance {
  if (sameMinor(from, to)) return "patch";
  return sameMajor(from, to) ? "minor" : "major";
}

function lifetime(shoot: Noticed, subject: Subject, now: Date): readonly LifetimeNotice[] {
  const { version, classification, expires } = subject.current;
  const kind =
    classification === "deprecated" || classification === "expired" || classification === "removed"
      ? classification
      : expires === undefined
        ? undefined
        : "expires";
  if (kind === undefined) return [];
  const date = expires === undefined ? undefined : new Date(expires);
  const soon = date !== undefined && date.getTime() - now.getTime() <= SOON_MS;
  const text = describeLifetime(`${nameOf(subject)} ${version}`, classification, date);
  return [
    {
      kind,
      code: noticeCodes[kind],
      level: kind === "expired" || kind === "removed" ? "error" : soon ? "warning" : "note",
      // A version that is deprecated today expires on the same day: one matter, whose kind changes.
      ...about(shoot, subject, "lifetime"),
      ...(expires !== undefined && { date: expires }),
      message: `${shoot.shoot}: ${text}${inPool(subject)}.`,
    },
  ];
}

function upgradeByGardener(shoot: Noticed, upgrade: AutomaticUpgrade, now: Date): UpgradeNotice {
  const { pool, machineImage, from, to, reason, refusal, notBefore } = upgrade;
  const kind = reason === "automatic" ? "automatic" : "forced";
  const fails = to === undefined || refusal !== undefined;
  const subject = { pool, machineImage, current: { version: from } };
  return {
    kind,
    code: noticeCodes[kind],
    level: kind === "automatic" ? "note" : fails ? "error" : "warning",
    ...about(shoot, subject, kind),
    ...(to !== undefined && { to }),
    date: notBefore,
    why: causeOf(upgrade, now),
    message: `${shoot.shoot}: ${describeForecast(upgrade, pool === undefined ? [] : [pool], now)}.`,
  };
}

const levels: Readonly<Record<Finding["severity"], NoticeLevel>> = {
  block: "error",
  warn: "warning",
  info: "note",
};

function findingNotice(shoot: Noticed, found: Finding): FindingNotice {
  const { check, severity, object } = found;
  return {
    kind: "finding",
    code: findingCodes[severity],
    level: levels[severity],
    shoot: shoot.shoot,
    severity,
    message:
      `${shoot.shoot}: preflight ${check}: ${object.kind} ${object.name}: ${found.found}. ` +
      `Why it matters: ${found.why}. Next: ${found.action}.`,
    fingerprint: fingerprint([shoot.uid, "finding", found.fingerprint]),
  };
}

function about(
  shoot: Noticed,
  {
    pool,
    machineImage,
    current,
  }: Pick<Subject, "pool" | "machineImage"> & { readonly current: { version: string } },
  matter: string,
  part = "",
) {
  const { version } = current;
  return {
    shoot: shoot.shoot,
    ...(pool !== undefined && { pool }),
    ...(machineImage !== undefined && { machineImage }),
    version,
    fingerprint: fingerprint([shoot.uid, matter, pool ?? "", machineImage ?? "", version, part]),
  };
}

function nameOf({ machineImage = "Kubernetes" }: Pick<Subject, "machineImage">): string {
  return machineImage;
}

function inPool({ pool }: Pick<Subject, "pool">): string {
  return pool === undefined ? "" : ` (worker pool ${pool})`;
}
