/** Which Kubernetes version may follow which: never a lower one, a minor at a time unless a pool is replaced. */
import { textAt } from "../../json";
import { type FieldError, forbiddenField, invalidField } from "../field";
import { compareVersions, parseVersion } from "../versions";
import {
  controlPlaneVersion,
  effectiveVersion,
  findPool,
  isInPlace,
  poolPath,
  pools,
  type UpdateContext,
} from "../context";

export function controlPlaneUpdate({ shoot, old }: UpdateContext): FieldError[] {
  return step(controlPlaneVersion(shoot), controlPlaneVersion(old), false, "spec.kubernetes.version");
}

export function poolUpdates({ shoot, old }: UpdateContext): FieldError[][] {
  return pools(shoot).map((pool, index) => {
    // A new pool is compared with itself.
    const before = findPool(old, textAt(pool, "name")) ?? pool;
    return step(
      effectiveVersion(shoot, pool),
      effectiveVersion(old, before),
      !isInPlace(pool),
      `${poolPath(index)}.kubernetes.version`,
    );
  });
}

function step(to: string, from: string, maySkip: boolean, field: string): FieldError[] {
  if (to === "") {
    return [invalidField(field, to, "cannot validate kubernetes version upgrade because it is unset")];
  }
  const errors: FieldError[] = [];
  const order = compareVersions(to, from);
  if (order === undefined) errors.push(invalidField(field, to, "invalid semantic version"));
  else if (order < 0) errors.push(forbiddenField(field, "kubernetes version downgrade is not supported"));
  if (!maySkip && skips(to, from)) {
    errors.push(forbiddenField(field, "kubernetes version upgrade cannot skip a minor version"));
  }
  return errors;
}

function skips(to: string, from: string): boolean {
  const old = parseVersion(from);
  if (old === undefined) return false;
  const first = `${String(old.major)}.${String(old.minor + 2)}.0`;
  return (compareVersions(to, first) ?? -1) >= 0;
}

/** A pool is never ahead of the control plane, and at most three minors behind it. */
export function skew(controlPlane: string, pool: string, field: string): FieldError[] {
  const own = parseVersion(pool);
  if (own === undefined) return [invalidField(field, pool, "invalid semantic version")];
  if ((compareVersions(pool, controlPlane) ?? 0) > 0) {
    return [
      forbiddenField(field, "worker group kubernetes version must not be higher than control plane version"),
    ];
  }
  const tooFar = `${String(own.major)}.${String(own.minor + 4)}.0`;
  if ((compareVersions(controlPlane, tooFar) ?? -1) < 0) return [];
  return [
    forbiddenField(
      field,
      "worker group kubernetes version must be at most three minor versions behind control plane version",
    ),
  ];
}
