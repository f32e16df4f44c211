/** `gardener.cloud/operation` and `maintenance.gardener.cloud/operation` (validateShootOperation). */
import { at, type JsonMap, textAt } from "../../json";
import {
  annotationsOf,
  findPool,
  isBeingDeleted,
  isHibernated,
  isInPlace,
  MAINTENANCE_OPERATION,
  OPERATION,
  operationsOf,
  pools,
} from "../context";
import type { FieldErrors } from "../field";

const starts = (name: string) => [
  `${name}-start`,
  `${name}-start-without-workers-rollout`,
  `${name}-complete`,
];
const NOT_WHILE_HIBERNATED = [
  ...starts("rotate-credentials"),
  "rotate-etcd-encryption-key",
  "rotate-etcd-encryption-key-start",
  "rotate-etcd-encryption-key-complete",
  ...starts("rotate-serviceaccount-key"),
];
const PARALLEL = [
  "reconcile",
  ...starts("rotate-ca"),
  "rotate-observability-credentials",
  "rotate-ssh-keypair",
  "rotate-rollout-workers",
  "rollout-workers",
  ...NOT_WHILE_HIBERNATED,
];
const ALL = ["maintain", "retry", "force-in-place-update", ...PARALLEL].sort();

const pathOf = (annotation: string) => `metadata.annotations[${annotation}]`;
const isRollout = (operation: string) => /^(rotate-)?rollout-workers/.test(operation);

export function validateOperations(errors: FieldErrors, shoot: JsonMap): void {
  const now = operationsOf(annotationsOf(shoot), OPERATION);
  const later = operationsOf(annotationsOf(shoot), MAINTENANCE_OPERATION);
  if (!known(errors, now, pathOf(OPERATION)) || !known(errors, later, pathOf(MAINTENANCE_OPERATION))) return;
  permitted(errors, shoot, now, pathOf(OPERATION));
  if (!isBeingDeleted(shoot)) permitted(errors, shoot, later, pathOf(MAINTENANCE_OPERATION));
}

/** Reports the first operation that does not exist, or does not go together with others. */
function known(errors: FieldErrors, operations: readonly string[], field: string): boolean {
  for (const operation of operations.filter((one) => !isRollout(one))) {
    if (!ALL.includes(operation)) {
      errors.notSupported(field, operation, ALL);
      return false;
    }
    if (operations.length > 1 && !PARALLEL.includes(operation)) {
      const detail = `operation '${operation}' is not permitted to be run in parallel with other operations`;
      errors.forbidden(field, detail);
      return false;
    }
  }
  return true;
}

function permitted(errors: FieldErrors, shoot: JsonMap, operations: readonly string[], field: string): void {
  const hibernated = isHibernated(shoot) || at(shoot, "status", "hibernated") === true;
  for (const operation of operations) {
    if (hibernated && (NOT_WHILE_HIBERNATED.includes(operation) || isRollout(operation))) {
      const detail = `operation '${operation}' is not permitted when shoot is hibernated or is waking up`;
      errors.forbidden(field, detail);
    }
    if (operation.startsWith("rollout-workers")) rollout(errors, shoot, operation, field);
  }
}

function rollout(errors: FieldErrors, shoot: JsonMap, operation: string, field: string): void {
  const given = operation.replace(/^rollout-workers=?/, "").split(",");
  const all = given.length === 1 && given[0] === "*";
  const names = all ? pools(shoot).map((pool) => textAt(pool, "name")) : given;
  names.forEach((name) => {
    const pool = findPool(shoot, name);
    if (pool === undefined) {
      const detail = `worker pool name ${name} does not exist in .spec.provider.workers[]`;
      errors.invalid(field, name, detail);
    } else if (isInPlace(pool)) {
      const detail = `worker pool ${name} is using in-place update strategy; manual worker pool rollout is not supported for such pools`;
      errors.invalid(field, name, detail);
    }
  });
}
