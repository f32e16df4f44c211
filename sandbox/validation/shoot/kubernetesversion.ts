/** Which Kubernetes version may follow which: never a lower one, a minor at a time unless a pool is replaced. */
import type { FieldErrors } from "../field";
import { compareVersions, parseVersion } from "../versions";

export function versionUpdate(
  errors: FieldErrors,
  to: string,
  from: string,
  maySkip: boolean,
  field: string,
): void {
  const order = compareVersions(to, from);
  if (order === undefined) errors.invalid(field, to, "invalid semantic version");
  else if (order < 0) errors.forbidden(field, "kubernetes version downgrade is not supported");
  if (!maySkip && isMinorsAhead(to, from, 2)) {
    errors.forbidden(field, "kubernetes version upgrade cannot skip a minor version");
  }
}

function isMinorsAhead(version: string, of: string, minors: number): boolean {
  const base = parseVersion(of);
  if (base === undefined) return false;
  return (compareVersions(version, `${base.major}.${base.minor + minors}.0`) ?? -1) >= 0;
}

/** A pool is never ahead of the control plane, and at most three minors behind it. */
export function versionSkew(errors: FieldErrors, controlPlane: string, pool: string, field: string): void {
  if ((compareVersions(pool, controlPlane) ?? 0) > 0) {
    const detail = "worker group kubernetes version must not be higher than control plane version";
    errors.forbidden(field, detail);
  } else if (isMinorsAhead(controlPlane, pool, 4)) {
    errors.forbidden(
      field,
      "worker group kubernetes version must be at most three minor versions behind control plane version",
    );
  }
}
