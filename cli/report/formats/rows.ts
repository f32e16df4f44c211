/** The rows of a report as people read it: one for the control plane, one for each version of a worker pool. */
import { describeMoment } from "../../../provider/model/moment";
import { truncate, visible } from "../../../provider/model/text";
import {
  noticeLevels,
  type Notice,
  type NoticeLevel,
  type ReportedShoot,
  type UpgradeNotice,
} from "../model";

export interface Row {
  readonly shoot: string;
  /** `Kubernetes`, `pool-a gardenlinux`. */
  readonly what: string;
  readonly version: string;
  /** Newest supported ones. */
  readonly available: string;
  readonly expires: string;
  /** What Gardener will do, when and why. */
  readonly gardener: string;
  readonly level: NoticeLevel;
}

/** Of a name that a garden sends. */
const LONGEST_NAME = 100;

export function rowsOf(shoot: ReportedShoot, now: Date): readonly Row[] {
  const rows = [
    row(shoot, "Kubernetes", shoot.kubernetes.current.version, {}, now),
    ...Object.entries(shoot.workers).flatMap(([pool, { kubernetes, pinned, machineImage }]) => [
      ...(pinned ? [row(shoot, `${pool} Kubernetes`, kubernetes.version, { pool }, now)] : []),
      row(
        shoot,
        `${pool} ${machineImage.name}`,
        machineImage.current.version,
        { pool, machineImage: machineImage.name },
        now,
      ),
    ]),
  ];
  return rows;
}

/** The state of a Shoot that its versions do not show: `hibernated`, `failed`, `hold: migration`. */
export function remarksOf({ hibernated, status, hold }: ReportedShoot): readonly string[] {
  return [
    ...(hibernated ? ["hibernated"] : []),
    ...(status === "reconciled" ? [] : [status]),
    ...(hold === undefined ? [] : [hold === "" ? "hold" : `hold: ${cell(hold)}`]),
  ];
}

function cell(text: string): string {
  return truncate(visible(text), LONGEST_NAME);
}

function row(
  shoot: ReportedShoot,
  what: string,
  version: string,
  of: { readonly pool?: string; readonly machineImage?: string },
  now: Date,
): Row {
  const notices = shoot.notices.filter((notice) => concerns(notice, of));
  return {
    shoot: cell(shoot.shoot),
    what: cell(what),
    version: cell(version),
    available: notices.flatMap((notice) => (notice.kind === "available" ? [cell(notice.to)] : [])).join(", "),
    expires: notices.flatMap((notice) => expiry(notice, now)).join(", "),
    gardener: notices
      .flatMap((notice) => (notice.kind === "forced" || notice.kind === "automatic" ? [upgrade(notice)] : []))
      .join("; "),
    level: worst(notices),
  };
}

function concerns(notice: Notice, of: { readonly pool?: string; readonly machineImage?: string }): boolean {
  return notice.kind !== "finding" && notice.pool === of.pool && notice.machineImage === of.machineImage;
}

function expiry(notice: Notice, now: Date): readonly string[] {
  switch (notice.kind) {
    case "removed":
      return ["no longer offered"];
    case "expired":
      return [`expired${notice.date === undefined ? "" : ` ${notice.date.slice(0, 10)}`}`];
    case "deprecated":
      return [notice.date === undefined ? "deprecated" : `${dateOf(notice.date, now)}, deprecated`];
    case "expires":
      return notice.date === undefined ? [] : [dateOf(notice.date, now)];
    default:
      return [];
  }
}

function dateOf(date: string, now: Date): string {
  const days = Math.floor((new Date(date).getTime() - now.getTime()) / 86_400_000);
  return `${date.slice(0, 10)} (${days} d)`;
}

function upgrade({ kind, to, date, why }: UpgradeNotice): string {
  const when = `from ${describeMoment(new Date(date))}`;
  if (to === undefined) return `must replace it and finds no version, ${when}: ${cell(why)}`;
  return `${kind === "forced" ? "forces" : "updates to"} ${cell(to)} ${when}: ${cell(why)}`;
}

function worst(notices: readonly Notice[]): NoticeLevel {
  return noticeLevels.find((level) => notices.some((notice) => notice.level === level)) ?? "note";
}
