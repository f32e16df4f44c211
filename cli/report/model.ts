/**
 * The report: what the Shoots of a garden run, what expires, and what Gardener will do by itself. Plain JSON; the
 * published schema is report.schema.json.
 */
import type { CheckResult, Finding } from "../../provider/model/preflight";
import type { Code } from "../../provider/model/codes";
import type { ShootSummary } from "../../provider/model/shootSummary";
import type { GetUpgradesResult, VersionStatus, WorkerUpgrades } from "../../provider/model/upgrades";

/** Raised when a reader of an older one could misunderstand a newer one. */
export const REPORT_VERSION = 1;

/** With the code of its messages. */
export const noticeCodes = {
  /** A newer supported version is offered. */
  available: "GU040",
  /** The version that runs has a date on which it expires. */
  expires: "GU041",
  /** The version that runs is to be replaced before it expires. */
  deprecated: "GU041",
  expired: "GU041",
  /** The CloudProfile does not offer the version that runs. */
  removed: "GU041",
  /** Gardener will replace an expired or removed version. */
  forced: "GU042",
  /** Gardener will update, because the Shoot enables automatic updates. */
  automatic: "GU042",
} as const satisfies Readonly<Record<string, Code>>;

/** With the code of its messages. */
export const findingCodes = {
  block: "GU070",
  warn: "GU071",
  info: "GU071",
} as const satisfies Readonly<Record<Finding["severity"], Code>>;

/** As in SARIF, the most serious first. */
export const noticeLevels = ["error", "warning", "note"] as const;
export type NoticeLevel = (typeof noticeLevels)[number];

/** How far away an available version is. */
export const distances = ["patch", "minor", "major"] as const;
export type Distance = (typeof distances)[number];

interface NoticeFields {
  readonly code: Code;
  readonly level: NoticeLevel;
  /** `namespace/name`. */
  readonly shoot: string;
  /** Absent: the control plane, or the Shoot as a whole. */
  readonly pool?: string;
  readonly message: string;
  /** The same in every run for the same matter. */
  readonly fingerprint: string;
}

interface VersionFields extends NoticeFields {
  /** Name of the machine image; absent: Kubernetes. */
  readonly machineImage?: string;
  /** The version in the Shoot's spec. */
  readonly version: string;
}

export interface AvailableNotice extends VersionFields {
  readonly kind: "available";
  readonly to: string;
  readonly distance: Distance;
}

export interface LifetimeNotice extends VersionFields {
  readonly kind: "expires" | "deprecated" | "expired" | "removed";
  /** When the version expires or has expired. */
  readonly date?: string;
}

export interface UpgradeNotice extends VersionFields {
  readonly kind: "forced" | "automatic";
  /** Absent: the CloudProfile offers no version for it. */
  readonly to?: string;
  /** Begin of the maintenance window in which it happens at the earliest. */
  readonly date: string;
  /** `1.33.4 expires on 2027-02-28`. */
  readonly why: string;
}

export interface FindingNotice extends NoticeFields {
  readonly kind: "finding";
  readonly severity: Finding["severity"];
}

export type Notice = AvailableNotice | LifetimeNotice | UpgradeNotice | FindingNotice;

/** The versions of one worker pool. */
export interface ReportedWorker extends WorkerUpgrades {
  /** The version of the pool's kubelets with its lifecycle stage. */
  readonly kubernetes: VersionStatus;
}

export interface ReportedPreflight {
  readonly checks: readonly CheckResult[];
  readonly findings: readonly Finding[];
}

export interface ReportedShoot extends Omit<ShootSummary, "workers">, Omit<GetUpgradesResult, "workers"> {
  /** The reason of the annotation `pulumi-gardener.io/hold`; absent: there is no hold. */
  readonly hold?: string;
  readonly workers: Readonly<Record<string, ReportedWorker>>;
  readonly notices: readonly Notice[];
  /** Where it was requested. */
  readonly preflight?: ReportedPreflight;
}

/** What could not be read: the report does not know of it. */
export interface NotVisible {
  /** `Shoot garden-demo/web`, `the namespace garden-demo`. */
  readonly what: string;
  readonly reason: string;
}

export interface Change {
  readonly before: Notice;
  readonly after: Notice;
}

/** Against an earlier report. */
export interface Comparison {
  /** When the earlier report was generated. */
  readonly previous: string;
  readonly new: readonly Notice[];
  /** Of Shoots that either report contains, or that no longer exist. */
  readonly gone: readonly Notice[];
  readonly changed: readonly Change[];
}

export interface Report {
  readonly version: typeof REPORT_VERSION;
  readonly generated: string;
  /** `the garden https://api.garden.example.org`. */
  readonly garden: string;
  /** `all visible Shoots`, `project demo`. */
  readonly scope: string;
  /** False: something in `notVisible` is missing. */
  readonly complete: boolean;
  readonly notVisible: readonly NotVisible[];
  /** Whether preflight checks were requested. */
  readonly preflight: boolean;
  readonly shoots: readonly ReportedShoot[];
  /** Where it was requested. */
  readonly comparison?: Comparison;
}

/** As much of an earlier report as a comparison needs. */
export interface PreviousReport extends Pick<
  Report,
  "generated" | "garden" | "scope" | "complete" | "preflight"
> {
  readonly shoots: readonly Pick<ReportedShoot, "uid" | "notices">[];
}

export function noticesOf({ shoots }: Pick<PreviousReport, "shoots">): readonly Notice[] {
  return shoots.flatMap(({ notices }) => notices);
}
