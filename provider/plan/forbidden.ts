/** What a Kubernetes minor on the way does not have or does not accept, found before the first write. */
import type { Step } from "../model/plan";
import type { Problem } from "../model/problem";
import type { LimitedField } from "../model/removals";
import { effectiveKubernetesVersion, shootId, type Shoot } from "../model/shoot";
import { afterSteps } from "./change";
import { isSince } from "./release";
import { minorsBetween } from "./versions";

/** @param property declares the Kubernetes version. */
export function forbiddenFields(shoot: Shoot, steps: readonly Step[], property: string): readonly Problem[] {
  const after = afterSteps(shoot, steps);
  return (shoot.limitedFields ?? []).flatMap((field): readonly Problem[] => {
    if (field.since !== undefined && isSince(shoot, field.since) === false) return [];
    const [from, to] = [decidingVersion(field, shoot), decidingVersion(field, after)];
    const minor = [field.removedIn, field.refusedIn].find(
      (one) => one !== undefined && isBetween(one, from, to),
    );
    if (minor === undefined) return [];
    const value = field.value === undefined ? "" : ` (${field.value})`;
    const what =
      minor === field.removedIn
        ? `does not have ${field.path}${value}`
        : `does not accept ${field.path}${value}`;
    const message = `${shootId(shoot.ref)}: Kubernetes ${minor} ${what}, and Gardener would refuse the upgrade; ${field.instead ?? "remove it"}, then run \`pulumi preview\` again.`;
    return [{ code: "GU065", severity: "error", property, message }];
  });
}

/** That of the pool where the field belongs to one, else the control plane's. */
function decidingVersion({ pool: name }: LimitedField, shoot: Shoot): string {
  const pool = shoot.workers.find((one) => one.name === name);
  return pool === undefined ? shoot.kubernetesVersion : effectiveKubernetesVersion(shoot, pool);
}

/** Whether the minor comes after that of `from` and not after that of `to`. */
export function isBetween(minor: string | undefined, from: string, to: string): boolean {
  if (minor === undefined) return false;
  const first = `${minor}.0`;
  return minorsBetween(from, first) > 0 && minorsBetween(first, to) >= 0;
}
