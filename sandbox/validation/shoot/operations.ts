/** `gardener.cloud/operation` and its maintenance twin (validateShootOperation). */
import { type JsonMap, map, textAt } from "../../json";
import { findPool, isInPlace, pools } from "../context";
import { duplicate, type FieldError, forbiddenField, invalidField, notSupported, required } from "../field";

export const OPERATION = "gardener.cloud/operation";
export const MAINTENANCE_OPERATION = "maintenance.gardener.cloud/operation";

const NOT_WHILE_HIBERNATED = [
  "rotate-credentials-start",
  "rotate-credentials-start-without-workers-rollout",
  "rotate-credentials-complete",
  "rotate-etcd-encryption-key",
  "rotate-etcd-encryption-key-start",
  "rotate-etcd-encryption-key-complete",
  "rotate-serviceaccount-key-start",
  "rotate-serviceaccount-key-start-without-workers-rollout",
  "rotate-serviceaccount-key-complete",
];
const PARALLEL = [
  "reconcile",
  "rotate-ca-start",
  "rotate-ca-start-without-workers-rollout",
  "rotate-ca-complete",
  "rotate-observability-credentials",
  "rotate-ssh-keypair",
  "rotate-rollout-workers",
  "rollout-workers",
  ...NOT_WHILE_HIBERNATED,
];
const ALL = ["maintain", "retry", "force-in-place-update", ...PARALLEL].sort();

export function operationsOf(shoot: JsonMap, annotation: string): string[] {
  return textAt(shoot, "metadata", "annotations", annotation)
    .split(";")
    .map((operation) => operation.trim())
    .filter((operation) => operation !== "");
}

const isRollout = (operation: string) =>
  operation.startsWith("rollout-workers") || operation.startsWith("rotate-rollout-workers");

export function operations(shoot: JsonMap): FieldError[] {
  const errors: FieldError[] = [];
  for (const annotation of [OPERATION, MAINTENANCE_OPERATION]) {
    const unknown = impossible(operationsOf(shoot, annotation), `metadata.annotations[${annotation}]`);
    if (unknown !== undefined) return [unknown];
  }
  const now = operationsOf(shoot, OPERATION);
  const later = operationsOf(shoot, MAINTENANCE_OPERATION);
  if (now.some((operation) => later.includes(operation))) {
    errors.push(
      forbiddenField(
        "metadata.annotations",
        `annotations metadata.annotations[${OPERATION}] and metadata.annotations[${MAINTENANCE_OPERATION}] must not have any equal operations`,
      ),
    );
  }
  errors.push(...inContext(shoot, now, OPERATION));
  if (textAt(shoot, "metadata", "deletionTimestamp") === "") {
    errors.push(...inContext(shoot, later, MAINTENANCE_OPERATION));
  }
  return errors;
}

function impossible(wanted: readonly string[], field: string): FieldError | undefined {
  for (const operation of wanted) {
    if (isRollout(operation)) continue;
    if (!ALL.includes(operation)) return notSupported(field, operation, ALL);
    if (wanted.length > 1 && !PARALLEL.includes(operation)) {
      return forbiddenField(
        field,
        `operation '${operation}' is not permitted to be run in parallel with other operations`,
      );
    }
  }
  return undefined;
}

function inContext(shoot: JsonMap, wanted: readonly string[], annotation: string): FieldError[] {
  const field = `metadata.annotations[${annotation}]`;
  const hibernated = shootHibernates(shoot);
  return wanted.flatMap((operation) => {
    const errors: FieldError[] = [];
    if (hibernated && (NOT_WHILE_HIBERNATED.includes(operation) || isRollout(operation))) {
      errors.push(
        forbiddenField(
          field,
          `operation '${operation}' is not permitted when shoot is hibernated or is waking up`,
        ),
      );
    }
    if (operation.startsWith("rollout-workers")) errors.push(...rollout(shoot, operation, field));
    return errors;
  });
}

function shootHibernates(shoot: JsonMap): boolean {
  const enabled = map(shoot.spec).hibernation;
  return map(enabled).enabled === true || map(shoot.status).hibernated === true;
}

function rollout(shoot: JsonMap, operation: string, field: string): FieldError[] {
  const given = operation.replace(/^rollout-workers=?/, "").split(",");
  const names =
    given.length === 1 && given[0] === "*" ? pools(shoot).map((pool) => textAt(pool, "name")) : given;
  const errors: FieldError[] = [];
  if (names.includes("")) {
    errors.push(
      required(
        field,
        "must provide either '*' or at least one pool name via rollout-workers=<poolName1>[,<poolName2>,...]",
      ),
    );
  }
  if (names.includes("*"))
    errors.push(forbiddenField(field, "if '*' is provided, no other pool names are allowed"));
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) {
      errors.push(duplicate(field, `pool name ${name} was specified multiple times`));
    }
    const pool = findPool(shoot, name);
    if (pool === undefined) {
      errors.push(
        invalidField(field, name, `worker pool name ${name} does not exist in .spec.provider.workers[]`),
      );
    } else if (isInPlace(pool)) {
      errors.push(
        invalidField(
          field,
          name,
          `worker pool ${name} is using in-place update strategy; manual worker pool rollout is not supported for such pools`,
        ),
      );
    }
  });
  return errors;
}
