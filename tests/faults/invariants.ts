/** What must hold after every run, whatever went wrong: each returns its violations. */
import semver from "semver";
import { isRecord } from "../../provider/model/json";
import { UserError } from "../../provider/model/problem";
import { HOLD_ANNOTATION, type Shoot } from "../../provider/model/shoot";
import { ours, type Invariant } from "./observed";
import { versionChanges } from "./history";
import { concrete } from "./others";
import type { GardenKind, DeclaredVersions } from "./schedule";
import { isRefusal, messageOf } from "./stack";
import { ourRolloutsAreAwaited, successIsTrue } from "./success";

const errorsAreActionable: Invariant = ({ runs, secrets }) =>
  runs.flatMap(({ name, outcome, messages }) => {
    const leaked = secrets.filter((secret) => JSON.stringify([messages, outcome]).includes(secret));
    const found = leaked.length > 0 ? [`${name}: a secret is shown`] : [];
    if (outcome.kind === "done") return found;
    const { error, phase } = outcome;
    const message = messageOf(error);
    const refusal = isRefusal(error);
    if (phase === "hang") return [...found, `${name}: it hangs`];
    if (!refusal && !(error instanceof UserError)) {
      const stack = error instanceof Error ? (error.stack ?? "") : "";
      return [...found, `${name}, ${phase}: no error for users: ${message} ${stack}`];
    }
    if (refusal && !/^\[GU\d{3}\] /.test(message)) {
      found.push(`${name}, ${phase}: an error without a code: ${message}`);
    }
    if (!/\bweb\b/.test(message))
      found.push(`${name}, ${phase}: the error does not name the Shoot: ${message}`);
    if (/undefined|\[object|NaN|\n\s+at /.test(message))
      found.push(`${name}, ${phase}: a malformed message: ${message}`);
    return found;
  });

/** An accepted write that changes nothing is one too many; so is the same change twice. */
const noStepIsWrittenTwice: Invariant = (observed) => {
  const { passed, garden, rival, moments } = observed;
  const accepted = passed.filter(({ traffic, code }) => traffic === "write" && code >= 200 && code < 300);
  const changes = ours(observed);
  const all = versionChanges(moments);
  const effective = new Set(changes.map(({ at }) => at)).size;
  // Without locking it is unknown what another user writes between the last read and the write.
  const tolerated = garden === "cleura" && (rival || changes.length < all.length) ? effective + 2 : effective;
  const idle =
    accepted.length > tolerated
      ? [`${accepted.length} accepted writes, ${effective} of them changed something`]
      : [];
  const again = changes.filter(({ field, to }, index) => {
    const before = changes.slice(0, index).findLast((one) => one.field === field && one.to === to);
    return (
      before !== undefined && !all.some((one) => one.field === field && one.at > before.at && one.from === to)
    );
  });
  return [...idle, ...again.map(({ field, to }) => `${field} was written to ${to} twice`)];
};

const nothingForbiddenIsWritten: Invariant = (observed) => {
  const { garden, declared, uid } = observed;
  return ours(observed).flatMap(({ field, from, to, before, after }) => {
    const found: string[] = [];
    const what = `${field} ${from} -> ${to}`;
    if (semver.lt(to, from)) found.push(`a downgrade: ${what}`);
    const kubernetes = field === "spec.kubernetes.version";
    if (kubernetes && semver.minor(to) > semver.minor(from) + 1) found.push(`a skipped minor: ${what}`);
    const target = kubernetes ? declared.kubernetes && concrete(declared.kubernetes) : declared.image;
    if (target === undefined || semver.gt(to, target)) found.push(`beyond what is declared: ${what}`);
    if (before.uid !== uid) found.push(`another cluster: ${what}`);
    if (before.deletionTimestamp !== undefined) found.push(`to one that is being deleted: ${what}`);
    if (garden === "gardener" && HOLD_ANNOTATION in before.annotations) found.push(`while held: ${what}`);
    if (after.workers.length !== before.workers.length) found.push(`a pool was added: ${what}`);
    return found;
  });
};

/** On a Gardener API server the patch itself shows all that is requested. */
const onlyVersionsAreWritten: Invariant = ({ passed, garden }) => {
  if (garden !== "gardener") return [];
  return passed
    .filter(({ traffic }) => traffic === "write")
    .flatMap(({ body }) => {
      const parsed: unknown = JSON.parse(body);
      const strange = pathsOf(parsed, "").filter((path) => !ALLOWED.some((allowed) => allowed.test(path)));
      return strange.map((path) => `a write of ${path}`);
    });
};

const ALLOWED = [
  /^\.metadata\.(uid|resourceVersion)$/,
  /^\.metadata\.annotations\.pulumi-gardener\.io\//,
  /^\.spec\.kubernetes\.version$/,
  /^\.spec\.provider\.workers\[\]\.(name|machine\.image\.(name|version)|kubernetes\.version)$/,
];

function pathsOf(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (isRecord(value)) return Object.entries(value).flatMap(([key, part]) => pathsOf(part, `${path}.${key}`));
  return [path];
}

/** Before all faults: where this does not hold, the other invariants mean nothing. */
const theAdoptionSucceeds: Invariant = ({ runs }) =>
  runs
    .filter(({ name, outcome }) => name === "adoption" && outcome.kind === "failed")
    .map(({ outcome }) => (outcome.kind === "failed" ? messageOf(outcome.error) : ""));

/** The last run, without faults and without other writes, ends as the Shoot's state requires. */
const theNextUpIsAccepted: Invariant = ({ runs, moments, declared, garden, uid }) => {
  const last = runs.find(({ name }) => name === "last");
  const shoot = moments.at(-1)?.shoot;
  if (last === undefined || shoot === undefined) return ["there is no last run"];
  const { outcome } = last;
  const ended = outcome.kind === "done" ? stateOf(outcome.state) : messageOf(outcome.error);
  const expected = expectedEnd({ shoot, gone: moments.at(-1)?.gone === true, declared, garden, uid });
  return expected.test(ended) ? [] : [`${last.name} ends with ${ended}, expected was ${String(expected)}`];
};

function stateOf(state: unknown): string {
  return isRecord(state) ? String(state["state"]) : "no state";
}

function expectedEnd(end: {
  readonly shoot: Shoot;
  readonly gone: boolean;
  readonly declared: DeclaredVersions;
  readonly garden: GardenKind;
  readonly uid: string;
}): RegExp {
  const { shoot, gone, declared, garden, uid } = end;
  if (gone) return /does not exist/;
  if (shoot.uid !== uid) return /another cluster/;
  // Cleura shows no deletion: its check does, and where there is nothing to check for, nobody notices.
  if (shoot.deletionTimestamp !== undefined) {
    return garden === "cleura" ? /deletion timestamp is set|upToDate/ : /being deleted/;
  }
  const held = HOLD_ANNOTATION in shoot.annotations && garden === "gardener";
  const reached =
    (declared.kubernetes === undefined ||
      semver.gte(shoot.kubernetesVersion, concrete(declared.kubernetes))) &&
    (declared.image === undefined ||
      shoot.workers.every((pool) => semver.gte(pool.machineImage.version, declared.image ?? "0.0.0")));
  // Skipped with a warning: a hold is no failure.
  if (held && !reached) return /^pending$|GU045/;
  const asleep = shoot.hibernation.enabled || shoot.hibernation.hibernated;
  if (asleep && !reached) return /GU044|upToDate/;
  return /^upToDate$/;
}

export const invariants: Readonly<Record<string, Invariant>> = {
  theAdoptionSucceeds,
  errorsAreActionable,
  noStepIsWrittenTwice,
  nothingForbiddenIsWritten,
  onlyVersionsAreWritten,
  successIsTrue,
  ourRolloutsAreAwaited,
  theNextUpIsAccepted,
};
