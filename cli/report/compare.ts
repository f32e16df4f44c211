/** What is new, gone or changed since an earlier report. */
import { noticesOf, type Change, type Comparison, type Notice, type PreviousReport } from "./model";

export function compare(previous: PreviousReport, current: PreviousReport): Comparison {
  const before = byFingerprint(comparable(previous, current));
  const after = byFingerprint(comparable(current, previous));
  const seen = new Set(current.shoots.map(({ uid }) => uid));
  const shootOf = new Map(
    previous.shoots.flatMap(({ uid, notices }) => notices.map((notice) => [notice, uid])),
  );
  return {
    previous: previous.generated,
    new: [...after.values()].filter(({ fingerprint }) => !before.has(fingerprint)),
    // Of what is not visible today, nothing is known.
    gone: [...before.values()].filter(
      (notice) =>
        !after.has(notice.fingerprint) &&
        (current.complete || (notice.kind !== "finding" && seen.has(shootOf.get(notice) ?? ""))),
    ),
    changed: [...after.values()].flatMap((notice): Change[] => {
      const old = before.get(notice.fingerprint);
      return old === undefined || isSame(old, notice) ? [] : [{ before: old, after: notice }];
    }),
  };
}

/** Findings of preflight checks that only one of the two has run are neither new nor gone. */
function comparable(report: PreviousReport, other: PreviousReport): readonly Notice[] {
  const notices = noticesOf(report);
  return other.preflight ? notices : notices.filter(({ kind }) => kind !== "finding");
}

function byFingerprint(notices: readonly Notice[]): ReadonlyMap<string, Notice> {
  return new Map(notices.map((notice) => [notice.fingerprint, notice]));
}

/** In what a reader acts on: the moment of the next maintenance window moves every day. */
function isSame(one: Notice, other: Notice): boolean {
  return essentialsOf(one) === essentialsOf(other);
}

function essentialsOf(notice: Notice): string {
  const { kind, level } = notice;
  switch (notice.kind) {
    case "available":
      return JSON.stringify([kind, level, notice.to]);
    case "automatic":
      return JSON.stringify([kind, level, notice.to]);
    case "forced":
      return JSON.stringify([kind, level, notice.to, notice.date]);
    case "finding":
      return JSON.stringify([kind, level, notice.message]);
    default:
      return JSON.stringify([kind, level, notice.date]);
  }
}
